// SPDX-License-Identifier: MIT
#include "worker/request/router.h"

#include <algorithm>

#include "common/http/url.h"

namespace sqlicorn {
namespace {

bool Has(const std::vector<std::pair<std::string, std::size_t>>& methods, std::string_view name) {
  return std::any_of(methods.begin(), methods.end(),
                     [&](const auto& entry) { return entry.first == name; });
}

// A "/" that was sent as %2F separates nothing (RFC 3986 2.2): proxies and caches take the two for
// different paths, so access that one of them refuses must not be had by the other.
bool HasEncodedSlash(std::string_view path) {
  return path.find("%2F") != std::string_view::npos || path.find("%2f") != std::string_view::npos;
}

}  // namespace

Router::Router(const std::vector<EndpointSpec>& endpoints, const std::vector<bool>& writes) {
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    Path& path = paths_[endpoints[i].path];
    for (const std::string& method : endpoints[i].methods) {
      if (method != "HEAD" || !writes[i]) {
        path.methods.emplace_back(method, i);
      }
    }
  }
  for (auto& [name, path] : paths_) {
    const auto get = std::find_if(path.methods.begin(), path.methods.end(),
                                  [](const auto& entry) { return entry.first == "GET"; });
    if (get != path.methods.end() && !writes[get->second] && !Has(path.methods, "HEAD")) {
      path.methods.emplace_back("HEAD", get->second);
    }
    for (const auto& [method, endpoint] : path.methods) {
      path.allow += path.allow.empty() ? method : ", " + method;
    }
  }
}

Router::Route Router::Find(std::string_view method, std::string_view path) const {
  auto found = paths_.find(path);
  if (found == paths_.end() && path.find('%') != std::string_view::npos && !HasEncodedSlash(path)) {
    std::string decoded;
    if (PercentDecode(path, &decoded)) {
      found = paths_.find(decoded);
    }
  }
  if (found == paths_.end()) {
    return {.verdict = Verdict::kNoPath};
  }
  for (const auto& [name, endpoint] : found->second.methods) {
    if (name == method) {
      return {.verdict = Verdict::kFound, .endpoint = endpoint};
    }
  }
  return {.verdict = Verdict::kNoMethod, .allow = found->second.allow};
}

}  // namespace sqlicorn
