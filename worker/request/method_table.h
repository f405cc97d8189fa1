// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sqlicorn {

// Which endpoint a path has for which method.
class MethodTable {
 public:
  // One that writes does not answer HEAD, which crawlers and monitors take for harmless.
  void Add(std::string_view method, std::size_t endpoint, bool writes);

  // The endpoint of GET answers HEAD too, where it only reads and nothing else does.
  void AddHead();

  [[nodiscard]] std::optional<std::size_t> Find(std::string_view method) const;

  // "GET, HEAD", behind those that are in *allow already.
  void AppendTo(std::string* allow) const;

 private:
  struct Entry {
    std::string method;
    std::size_t endpoint;
    bool writes;
  };

  [[nodiscard]] const Entry* At(std::string_view method) const;

  std::vector<Entry> entries_;
};

}  // namespace sqlicorn
