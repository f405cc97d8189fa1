// SPDX-License-Identifier: MIT
#include "common/http/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "common/base/parse_whole.h"

namespace sqlicorn {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view kScheme = "http://";
constexpr std::optional<std::uint16_t> kDefaultPort = 80;

struct Authority {
  std::string_view host;
  std::string_view port;
};

std::optional<Authority> SplitAuthority(std::string_view text) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : npos;
  const std::size_t host_end = bracket == npos ? text.find(':') : bracket + 1;
  const std::string_view rest = host_end >= text.size() ? "" : text.substr(host_end);
  if (!rest.empty() && (rest.front() != ':' || rest.size() == 1)) {
    return std::nullopt;
  }
  const std::string_view host =
      bracket == npos ? text.substr(0, host_end) : text.substr(1, bracket - 1);
  return Authority{host, rest.empty() ? rest : rest.substr(1)};
}

// A name of the DNS or of the hosts file.
bool IsName(std::string_view host) {
  constexpr std::size_t kLongestName = 253;
  return !host.empty() && host.size() <= kLongestName && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

std::optional<std::string> ToAddress(std::string_view host, bool bracketed) {
  std::string address(host);
  in6_addr buffer{};
  const bool usable = bracketed ? inet_pton(AF_INET6, address.c_str(), &buffer) == 1 : IsName(host);
  return usable ? std::optional(std::move(address)) : std::nullopt;
}

std::optional<std::uint16_t> ToPort(std::string_view digits) {
  const auto port = digits.empty() ? kDefaultPort : ParseWhole<std::uint16_t>(digits);
  return port == 0 ? std::nullopt : port;
}

bool IsVisible(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '#'; });
}

}  // namespace

Result<Url> SplitUrl(std::string_view text) {
  if (!text.starts_with(kScheme)) {
    return Error{fmt::format("'{}' is not a URL; write http://ADDRESS[:PORT][/PATH]", text)};
  }
  const std::string_view rest = text.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority_text = rest.substr(0, slash);
  const auto authority = SplitAuthority(authority_text);
  const auto port = authority ? ToPort(authority->port) : std::nullopt;
  if (!port) {
    return Error{fmt::format("'{}': the port is not a number from 1 to 65535", text)};
  }
  const auto address = ToAddress(authority->host, authority_text.starts_with('['));
  if (!address) {
    return Error{
        fmt::format("'{}': '{}' is neither an IP address nor a name", text, authority->host)};
  }
  const std::string_view target = rest.substr(slash);
  if (!IsVisible(target)) {
    return Error{
        fmt::format("'{}': blanks, '#' and non-ASCII octets must be written as %XX", text)};
  }
  const char* prefix = target.starts_with('/') ? "" : "/";
  return Url{*address, *port, std::string(authority_text), fmt::format("{}{}", prefix, target)};
}

}  // namespace sqlicorn
