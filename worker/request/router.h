// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/server_config.h"
#include "worker/request/method_table.h"
#include "worker/request/path_trie.h"
#include "worker/request/path_values.h"

namespace sqlicorn {

// Finds the endpoint for a request. Pure: a table made from the configuration.
class Router {
 public:
  // `writes`: which of them have a statement that writes, and so do not answer HEAD.
  Router(const std::vector<EndpointSpec>& endpoints, const std::vector<bool>& writes);

  enum class Verdict { kFound, kNoPath, kNoMethod };

  struct Route {
    Verdict verdict;
    std::size_t endpoint = 0;  // kFound: index into ServerConfig::endpoints
    std::string allow = {};    // kNoMethod: the methods of the path, "GET, HEAD"
  };

  // `path` is the undecoded path of the request. Of the endpoints that have it and the method, the
  // one whose pattern is literal furthest to the left is found; *values gets what the path has for
  // its variables. GET endpoints that only read answer HEAD too.
  [[nodiscard]] Route Find(std::string_view method, std::string_view path,
                           PathValues* values) const;

  // Whether any endpoint has the path, by whatever method.
  [[nodiscard]] bool Has(std::string_view path) const;

 private:
  [[nodiscard]] MethodTable& TableOf(const std::string& path);
  [[nodiscard]] const MethodTable* FindLiteral(std::string_view path) const;

  TextMap<MethodTable> literals_;  // the paths without variables
  PathTrie patterns_;
  bool has_patterns_ = false;
};

}  // namespace sqlicorn
