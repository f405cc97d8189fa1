// SPDX-License-Identifier: MIT
#include "common/http/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view kScheme = "http://";

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

std::optional<std::string> ToAddress(std::string_view host) {
  const std::string address(host == "localhost" ? "127.0.0.1" : host);
  in6_addr buffer{};
  const bool numeric = inet_pton(AF_INET, address.c_str(), &buffer) == 1 ||
                       inet_pton(AF_INET6, address.c_str(), &buffer) == 1;
  return numeric ? std::optional(address) : std::nullopt;
}

std::optional<std::uint16_t> ToPort(std::string_view digits) {
  std::uint16_t port = 80;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  const bool ok = digits.empty() || (error == std::errc() && stop == end && port != 0);
  return ok ? std::optional(port) : std::nullopt;
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
  const auto address = ToAddress(authority->host);
  if (!address) {
    return Error{
        fmt::format("'{}': '{}' is neither an IP address nor localhost; names are not resolved",
                    text, authority->host)};
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
