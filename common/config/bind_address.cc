// SPDX-License-Identifier: MIT
#include "common/config/bind_address.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <array>
#include <optional>

#include <fmt/format.h>

#include "common/base/numbers.h"

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

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  const bool has = text.starts_with(prefix);
  text.remove_prefix(has ? prefix.size() : 0);
  return has;
}

Result<BindAddress> ParseUnix(std::string_view text, std::string_view path) {
  if (path.empty() || path.size() > kMaxSocketPath) {
    return Bad(text, fmt::format("the socket path must have 1 to {} bytes", kMaxSocketPath));
  }
  return BindAddress{BindKind::kUnix, "", 0, std::string(path)};
}

Result<BindAddress> ParseFd(std::string_view text, std::string_view number) {
  const auto fd = ParseWhole<int>(number);
  if (!fd || *fd < 0) {
    return Bad(text, "write fd://N, N being the number of an open descriptor");
  }
  return BindAddress{BindKind::kFd, "", 0, "", *fd};
}

// Takes the host off the front of `text`: up to its bracket, else up to its last colon.
std::string_view TakeHost(std::string_view& text) {
  const std::size_t end = text.starts_with('[') ? text.find(']') + 1 : text.rfind(':');
  const std::string_view host = text.substr(0, end);
  text.remove_prefix(host.size());
  return host;
}

}  // namespace

Result<BindAddress> ParseBindAddress(std::string_view text) {
  std::string_view rest = text;
  if (TakePrefix(rest, "unix://") || TakePrefix(rest, "unix:")) {
    return ParseUnix(text, rest);
  }
  if (TakePrefix(rest, "fd://")) {
    return ParseFd(text, rest);
  }
  TakePrefix(rest, "tcp://");
  BindAddress address;
  address.host = TakeHost(rest);
  if (address.host.starts_with('[')) {
    address.kind = BindKind::kIpv6;
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.empty() && !rest.empty()) {
    address.host = "0.0.0.0";
  } else if (address.host == "localhost") {
    address.host = "127.0.0.1";
  }
  const bool has_port = rest.starts_with(':');
  if (!IsIp(address.kind == BindKind::kIpv6 ? AF_INET6 : AF_INET, address.host) ||
      (!rest.empty() && !has_port)) {
    return Bad(text, "write IP:PORT, [IPv6]:PORT, localhost:PORT, :PORT, unix:PATH or fd://N");
  }
  const auto port =
      has_port ? ParseWhole<std::uint16_t>(rest.substr(1)) : std::optional(kDefaultPort);
  if (!port) {
    return Bad(text, "the port must be 0 to 65535");
  }
  address.port = *port;
  return address;
}

}  // namespace sqlicorn
