// SPDX-License-Identifier: MIT
#include "common/config/bind_address.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

constexpr std::uint16_t kDefaultPort = 8000;
constexpr std::size_t kMaxSocketPath = sizeof(sockaddr_un{}.sun_path) - 1;

Error Bad(std::string_view text, std::string_view why) {
  return Error{fmt::format("'{}' is not a bind address: {}", text, why)};
}

bool IsIp(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(family, host.c_str(), address.data()) == 1;
}

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && rest == end ? std::optional(port) : std::nullopt;
}

Result<BindAddress> ParseUnix(std::string_view text, std::string_view path) {
  if (path.empty() || path.size() > kMaxSocketPath) {
    return Bad(text, fmt::format("the socket path must have 1 to {} bytes", kMaxSocketPath));
  }
  return BindAddress{BindKind::kUnix, "", 0, std::string(path)};
}

// The end of the host within `text`: behind its bracket, at its only colon, or the whole.
std::size_t HostEnd(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    return bracket == std::string_view::npos ? text.size() : bracket + 1;
  }
  return std::min(text.find(':'), text.size());
}

}  // namespace

Result<BindAddress> ParseBindAddress(std::string_view text) {
  if (text.starts_with("unix:")) {
    return ParseUnix(text, text.substr(5));
  }
  BindAddress address;
  const std::size_t end = HostEnd(text);
  address.host = text.substr(0, end);
  const std::string_view rest = text.substr(end);
  const auto port = rest.empty()          ? std::optional(kDefaultPort)
                    : rest.front() == ':' ? ParsePort(rest.substr(1))
                                          : std::nullopt;
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.kind = BindKind::kIpv6;
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.empty() && !rest.empty()) {
    address.host = "0.0.0.0";
  } else if (address.host == "localhost") {
    address.host = "127.0.0.1";
  }
  if (!IsIp(address.kind == BindKind::kIpv6 ? AF_INET6 : AF_INET, address.host)) {
    return Bad(text, "write IP:PORT, [IPv6]:PORT, localhost:PORT, :PORT or unix:PATH");
  }
  if (!port) {
    return Bad(text, "the port must be 0 to 65535");
  }
  address.port = *port;
  return address;
}

}  // namespace sqlicorn
