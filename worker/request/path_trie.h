// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/config/path_pattern.h"
#include "worker/request/method_table.h"
#include "worker/request/path_values.h"

namespace sqlicorn {

struct TextHash {
  using is_transparent = void;

  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

// What has this text as its key; it is found by a view.
template <typename T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

// A "/" that was sent as %2F separates nothing (RFC 3986 2.2): proxies and caches take the two for
// different paths, so access that one of them refuses must not be had by the other.
[[nodiscard]] bool HasEncodedSlash(std::string_view path);

// What a literal path or segment of the configuration is found by: decoded, so that "%24" stands
// for a "$" that would look like a variable; as it is where that could be taken for another one.
[[nodiscard]] std::string LiteralKey(const std::string& path);

// One search for the endpoint of a path.
struct PathSearch {
  std::string_view method;
  PathValues& values;
  std::vector<const MethodTable*> others = {};  // that have the path, and not by this method

  // Whether this one has the method: then it is the end of the search.
  [[nodiscard]] bool Accept(const MethodTable& table);

  std::size_t endpoint = 0;
};

// The patterns of a configuration by their segments. At each segment what is literal goes before a
// variable, and that before the rest of the path. The time to find one does not depend on how many
// there are, a node is visited at most once, and the depth is that of the longest pattern, whatever
// a client sends.
class PathTrie {
 public:
  // The table of the pattern, made if it is new. Valid until the next call.
  [[nodiscard]] MethodTable& At(const PathPattern& pattern);

  void AddHeads();

  // Fills search.values, undecoded. `path` is undecoded and begins with '/'.
  [[nodiscard]] bool Find(std::string_view path, PathSearch& search) const;

 private:
  static constexpr std::size_t kNone = 0;  // the root is nobody's child

  struct Node {
    TextMap<std::size_t> literals;
    std::size_t variable = kNone;
    std::optional<MethodTable> end;   // of patterns that end here
    std::optional<MethodTable> rest;  // of those whose {rest...} begins here
  };

  [[nodiscard]] std::size_t Child(std::size_t node, const PathSegment& segment);
  [[nodiscard]] std::size_t LiteralChild(const Node& node, std::string_view segment) const;
  [[nodiscard]] bool Walk(std::size_t index, std::string_view path, PathSearch& search) const;
  [[nodiscard]] bool Enter(std::size_t child, std::string_view path, PathSearch& search) const;

  std::vector<Node> nodes_{1};
};

}  // namespace sqlicorn
