// SPDX-License-Identifier: MIT
#include "worker/request/path_trie.h"

#include "common/http/url.h"

namespace sqlicorn {
namespace {

constexpr auto npos = std::string_view::npos;

MethodTable& Made(std::optional<MethodTable>& table) {
  return table ? *table : table.emplace();
}

}  // namespace

bool HasEncodedSlash(std::string_view path) {
  return path.find("%2F") != npos || path.find("%2f") != npos;
}

std::string LiteralKey(const std::string& path) {
  std::string decoded;
  const bool plain = !HasEncodedSlash(path) && PercentDecode(path, &decoded) &&
                     decoded.find('%') == std::string::npos;
  return plain ? decoded : path;
}

bool PathSearch::Accept(const MethodTable& table) {
  const auto found = table.Find(method);
  if (!found) {
    others.push_back(&table);
    return false;
  }
  endpoint = *found;
  return true;
}

MethodTable& PathTrie::At(const PathPattern& pattern) {
  std::size_t node = 0;
  for (const PathSegment& segment : pattern) {
    if (segment.kind == PathSegment::Kind::kRest) {
      return Made(nodes_[node].rest);
    }
    node = Child(node, segment);
  }
  return Made(nodes_[node].end);
}

std::size_t PathTrie::Child(std::size_t node, const PathSegment& segment) {
  std::size_t& child = segment.kind == PathSegment::Kind::kLiteral
                           ? nodes_[node].literals[LiteralKey(segment.text)]
                           : nodes_[node].variable;
  if (child == kNone) {
    child = nodes_.size();
    const std::size_t made = child;
    nodes_.emplace_back();  // `child` is no more
    return made;
  }
  return child;
}

void PathTrie::AddHeads() {
  for (Node& node : nodes_) {
    for (std::optional<MethodTable>* table : {&node.end, &node.rest}) {
      if (*table) {
        (*table)->AddHead();
      }
    }
  }
}

bool PathTrie::Find(std::string_view path, PathSearch& search) const {
  return Walk(0, path, search);
}

std::size_t PathTrie::LiteralChild(const Node& node, std::string_view segment) const {
  auto found = node.literals.find(segment);
  if (found == node.literals.end() && segment.find('%') != npos) {
    std::string decoded;
    found = PercentDecode(segment, &decoded) ? node.literals.find(decoded) : found;
  }
  return found == node.literals.end() ? kNone : found->second;
}

// `path` begins with the '/' behind what has led to the node.
bool PathTrie::Walk(std::size_t index, std::string_view path, PathSearch& search) const {
  const Node& node = nodes_[index];
  const std::string_view rest = path.substr(1);
  const std::string_view segment = rest.substr(0, rest.find('/'));
  const std::string_view behind = rest.substr(segment.size());
  const std::size_t literal = LiteralChild(node, segment);
  if (literal != kNone && Enter(literal, behind, search)) {
    return true;
  }
  if (node.variable != kNone && !segment.empty()) {
    search.values.Push(segment);
    if (Enter(node.variable, behind, search)) {
      return true;
    }
    search.values.Pop();
  }
  if (node.rest && !rest.empty() && !HasEncodedSlash(rest)) {
    search.values.Push(rest);
    if (search.Accept(*node.rest)) {
      return true;
    }
    search.values.Pop();
  }
  return false;
}

bool PathTrie::Enter(std::size_t child, std::string_view path, PathSearch& search) const {
  if (!path.empty()) {
    return Walk(child, path, search);
  }
  const auto& end = nodes_[child].end;
  return end && search.Accept(*end);
}

}  // namespace sqlicorn
