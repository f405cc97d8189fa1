// SPDX-License-Identifier: MIT
#include "loadgen/scenario/server_url.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::string_view kHttpUnix = "http+unix://";
constexpr std::string_view kHttps = "https://";

// "localhost:8000/x", "[::1]:8000": what has a port says enough without "http://".
Result<Url> AtHostAndPort(std::string_view text) {
  Result<Url> url = SplitUrl(fmt::format("http://{}", text));
  const bool has_port =
      url && url->authority.rfind(':') != std::string::npos && url->authority.back() != ']';
  return has_port ? std::move(url) : SplitUrl(text);
}

// The path of the socket, and what follows the host of the URL.
Result<ServerUrl> AtSocket(std::string path, std::string_view target) {
  if (!path.starts_with('/')) {
    return Error{fmt::format("'{}': the path of a unix socket begins with '/'", path)};
  }
  Result<Url> url = SplitUrl(fmt::format("http://localhost{}", target));
  if (!url) {
    return url.error();
  }
  return ServerUrl{*std::move(url), std::move(path)};
}

}  // namespace

Result<ServerUrl> ParseServerUrl(std::string_view text) {
  if (text.starts_with(kUnix)) {
    // As for the server's bind, "unix:///path" is the same.
    const std::string_view path = text.substr(kUnix.size());
    return AtSocket(std::string(path.substr(path.starts_with("///") ? 2 : 0)), "");
  }
  if (text.starts_with(kHttpUnix)) {
    const std::string_view rest = text.substr(kHttpUnix.size());
    const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
    std::string path;
    if (!PercentDecode(rest.substr(0, slash), &path)) {
      return Error{fmt::format("'{}': the path of the socket is not written in %XX", text)};
    }
    return AtSocket(std::move(path), rest.substr(slash));
  }
  if (text.starts_with(kHttps)) {
    return Error{fmt::format(
        "'{}': TLS is not spoken here; test the server behind it at its http:// address", text)};
  }
  const std::size_t colon = text.find("://");
  const bool has_scheme = colon != std::string_view::npos && text.find_first_of("/?") == colon + 1;
  Result<Url> url = has_scheme ? SplitUrl(text) : AtHostAndPort(text);
  if (!url) {
    return url.error();
  }
  return ServerUrl{*std::move(url), ""};
}

}  // namespace sqlicorn::loadgen
