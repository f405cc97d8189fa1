// SPDX-License-Identifier: MIT
#include "common/config/path_pattern.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

using Kind = PathSegment::Kind;

constexpr std::string_view kRestMark = "...";

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool IsWord(char c) {
  return IsLetter(c) || (c >= '0' && c <= '9');
}

// A name that a statement can ask for: ":id".
bool IsParameterName(std::string_view name) {
  return !name.empty() && IsLetter(name.front()) && std::all_of(name.begin(), name.end(), IsWord);
}

bool IsEnclosed(std::string_view text, char open, char close) {
  return text.size() > 1 && text.front() == open && text.back() == close;
}

// "id" of ":id", "<int:id>", "[id]", "*path": what the segment would be called here.
std::string_view LikelyName(std::string_view segment) {
  while (!segment.empty() && !IsWord(segment.back())) {
    segment.remove_suffix(1);
  }
  std::size_t begin = segment.size();
  while (begin > 0 && IsWord(segment[begin - 1])) {
    --begin;
  }
  const std::string_view name = segment.substr(begin);
  return IsParameterName(name) ? name : "rest";
}

// Segments that are variables elsewhere. Taken literally, no request would ever meet them.
bool LooksForeign(std::string_view segment) {
  return segment.find('*') != std::string_view::npos || IsEnclosed(segment, '<', '>') ||
         IsEnclosed(segment, '[', ']') ||
         (segment.size() > 1 && (segment.front() == ':' || segment.front() == '$') &&
          IsLetter(segment[1]));
}

Error Foreign(std::string_view segment) {
  const bool rest = segment.find('*') != std::string_view::npos ||
                    segment.find("...") != std::string_view::npos ||
                    segment.find("path:") != std::string_view::npos;
  return Error{
      fmt::format("'{}' would be taken literally: a variable is written {{{}{}}}, and its "
                  "type stands in the params",
                  segment, LikelyName(segment), rest ? kRestMark : "")};
}

Result<PathSegment> ParseSegment(std::string_view segment) {
  if (LooksForeign(segment)) {
    return Foreign(segment);
  }
  if (segment.find_first_of("{}") == std::string_view::npos) {
    return PathSegment{Kind::kLiteral, std::string(segment)};
  }
  if (!IsEnclosed(segment, '{', '}') || segment.find_last_of('{') != 0 ||
      segment.find('}') + 1 != segment.size()) {
    return Error{
        fmt::format("'{}' is a variable in part: a segment is wholly one, as {{{}}}, or "
                    "wholly literal",
                    segment, "id")};
  }
  std::string_view name = segment.substr(1, segment.size() - 2);
  const bool rest = name.ends_with(kRestMark);
  name.remove_suffix(rest ? kRestMark.size() : 0);
  if (!IsParameterName(name)) {
    return Error{
        fmt::format("'{}' does not name a variable: write letters, digits and _, as {{id}} "
                    "or {{path...}}; its type stands in the params",
                    segment)};
  }
  return PathSegment{rest ? Kind::kRest : Kind::kVariable, std::string(name)};
}

}  // namespace

Result<PathPattern> ParsePath(std::string_view path) {
  PathPattern pattern;
  std::string_view rest = path.substr(path.starts_with('/') ? 1 : 0);
  for (bool more = true; more;) {
    const std::size_t end = rest.find('/');
    auto segment = ParseSegment(rest.substr(0, end));
    if (!segment) {
      return segment.error();
    }
    more = end != std::string_view::npos;
    rest.remove_prefix(more ? end + 1 : rest.size());
    if (segment->kind == Kind::kRest && more) {
      return Error{fmt::format(
          "{{{}...}} takes the rest of the path, so nothing can come behind it", segment->text)};
    }
    const auto same = [&](const PathSegment& other) {
      return other.kind != Kind::kLiteral && other.text == segment->text;
    };
    if (segment->kind != Kind::kLiteral && std::any_of(pattern.begin(), pattern.end(), same)) {
      return Error{fmt::format("two variables are called '{}'", segment->text)};
    }
    pattern.push_back(*std::move(segment));
  }
  return pattern;
}

std::string ShapeOf(const PathPattern& pattern) {
  std::string shape;
  for (const PathSegment& segment : pattern) {
    shape += '/';
    shape += segment.kind == Kind::kLiteral    ? segment.text
             : segment.kind == Kind::kVariable ? "{}"
                                               : "{...}";
  }
  return shape;
}

std::vector<std::string> VariablesOf(const PathPattern& pattern) {
  std::vector<std::string> names;
  for (const PathSegment& segment : pattern) {
    if (segment.kind != Kind::kLiteral) {
      names.push_back(segment.text);
    }
  }
  return names;
}

}  // namespace sqlicorn
