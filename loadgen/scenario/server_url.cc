// SPDX-License-Identifier: MIT
#include "loadgen/scenario/server_url.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::string_view kHttpUnix = "http+unix://";

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
  Result<Url> url = SplitUrl(text);
  if (!url) {
    return url.error();
  }
  return ServerUrl{*std::move(url), ""};
}

}  // namespace sqlicorn::loadgen
