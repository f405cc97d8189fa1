// SPDX-License-Identifier: MIT
#include "worker/http/proxy_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

ProxyProtocol ProtocolOf(std::string_view word) {
  if (word == "v1") {
    return ProxyProtocol::kV1;
  }
  if (word == "v2") {
    return ProxyProtocol::kV2;
  }
  return word == "auto" ? ProxyProtocol::kAuto : ProxyProtocol::kOff;
}

bool IsIpAddress(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> address{};
  if (text.empty() || text.size() >= address.size()) {
    return false;
  }
  std::copy(text.begin(), text.end(), address.begin());
  in6_addr octets{};
  return inet_pton(AF_INET, address.data(), &octets) == 1 ||
         inet_pton(AF_INET6, address.data(), &octets) == 1;
}

}  // namespace

ProxyRules::ProxyRules(const ServerSettings& settings)
    : forwarded_(IpList::Parse(settings.forwarded_allow_ips).value()),
      proxies_(IpList::Parse(settings.proxy_allow_ips).value()),
      protocol_(ProtocolOf(settings.proxy_protocol)) {
  for (const std::string& text : settings.secure_scheme_headers) {
    const std::size_t equals = text.find('=');
    scheme_headers_.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
}

// From the back, as a proxy appends its own header or entry to those that it was sent.
std::string_view ProxyRules::ClientOf(const Message& request) {
  for (std::size_t i = request.header_count(); i-- > 0;) {
    const HeaderView header = request.header(i);
    if (EqualsIgnoreCase(header.name, "x-forwarded-for")) {
      const std::size_t comma = header.value.rfind(',');
      const std::string_view last =
          TrimBlanks(header.value.substr(comma == std::string_view::npos ? 0 : comma + 1));
      return IsIpAddress(last) ? last : std::string_view();
    }
  }
  return {};
}

// Each header that says anything is heard: a client may have sent one that its proxy does not know
// and so has not removed, and then the two contradict each other.
Scheme ProxyRules::SchemeOf(const Message& request) const {
  bool http = false;
  bool https = false;
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    const HeaderView header = request.header(i);
    for (const SchemeHeader& rule : scheme_headers_) {
      if (EqualsIgnoreCase(header.name, rule.name)) {
        (header.value == rule.https ? https : http) = true;
      }
    }
  }
  if (http && https) {
    return Scheme::kContradictory;
  }
  return https ? Scheme::kHttps : Scheme::kHttp;
}

// A header of a stranger is refused and not passed over: whoever sends one wants to be taken for
// somebody else, or proxy_allow_ips lacks a proxy, which must not go unnoticed.
Preface ProxyRules::ReadPreface(std::string_view octets, const SocketAddress& peer) const {
  ProxyHeader header = ReadProxyHeader(octets, protocol_);
  switch (header.kind) {
    case ProxyHeader::Kind::kUndecided:
      return {};
    case ProxyHeader::Kind::kMalformed:
      return {.kind = Preface::Kind::kRefused, .status = 400, .complaint = header.complaint};
    case ProxyHeader::Kind::kPresent:
      if (!proxies_.Contains(peer)) {
        return {.kind = Preface::Kind::kRefused,
                .status = 403,
                .complaint = fmt::format("Proxy request from '{}' not allowed", peer.host())};
      }
      break;
    case ProxyHeader::Kind::kAbsent:
      break;
  }
  return {.kind = Preface::Kind::kOver, .size = header.size, .client = std::move(header.client)};
}

}  // namespace sqlicorn
