// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/config/server_config.h"

namespace sqlicorn {

// Finds the endpoint for a request. Pure: a table made from the configuration.
class Router {
 public:
  // `writes`: which of them have a statement that writes, and so do not answer HEAD, which crawlers
  // and monitors take for harmless.
  Router(const std::vector<EndpointSpec>& endpoints, const std::vector<bool>& writes);

  enum class Verdict { kFound, kNoPath, kNoMethod };

  struct Route {
    Verdict verdict;
    std::size_t endpoint = 0;     // kFound: index into ServerConfig::endpoints
    std::string_view allow = {};  // kNoMethod: the methods of the path, "GET, HEAD"
  };

  // `path` is the undecoded path of the request. GET endpoints that only read answer HEAD too.
  [[nodiscard]] Route Find(std::string_view method, std::string_view path) const;

 private:
  struct Path {
    std::vector<std::pair<std::string, std::size_t>> methods;
    std::string allow;
  };

  struct Hash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  std::unordered_map<std::string, Path, Hash, std::equal_to<>> paths_;
};

}  // namespace sqlicorn
