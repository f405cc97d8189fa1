// SPDX-License-Identifier: MIT
#include "tests/architecture/bodies.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "tests/architecture/source_scanner.h"

namespace sqlicorn::architecture {
namespace {

// Headers of functions that are long each, so that every one has a source of its own.
constexpr std::array<std::string_view, 5> kHeadersOfMany = {
    "loadgen/commands.h",
    "loadgen/report/comparison_report.h",
    "loadgen/report/comparison_tables.h",
    "loadgen/report/exchange_formats.h",
    "loadgen/results/result_file.h",
};

bool IsPartOfName(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':' || c == '~';
}

// The anonymous namespace replaced by empty lines. Its last line has the comment that clang-format
// puts there.
std::string WithoutOwnPart(std::string_view source) {
  constexpr std::string_view kBegin = "\nnamespace {\n";
  constexpr std::string_view kEnd = "\n}  // namespace\n";
  std::string text(source);
  std::size_t begin = text.find(kBegin);
  while (begin != std::string::npos) {
    const std::size_t last = text.find(kEnd, begin);
    const std::size_t end = last == std::string::npos ? text.size() : last + kEnd.size();
    for (std::size_t i = begin; i < end; ++i) {
      text[i] = text[i] == '\n' ? '\n' : ' ';
    }
    begin = text.find(kBegin, begin);
  }
  return text;
}

// Whether `at`, where `name` stands in `text`, is in the head of a class or struct with a body.
bool IsTypeHead(std::string_view text, std::size_t at, std::string_view name) {
  const std::string_view before = text.substr(0, at);
  const std::string_view line = before.substr(before.rfind('\n') + 1);
  const std::size_t end = at + name.size();
  const bool whole = line.ends_with(' ') && end < text.size() && !IsPartOfName(text[end]);
  return whole && (line.starts_with("class ") || line.starts_with("struct ")) &&
         text.find('{', end) < text.find(';', end);
}

// The name in front of the parameters of `head`, which is all between the begin of a declaration
// and its body; nothing when it is no function.
std::optional<std::string> NameIn(std::string_view head) {
  for (const std::string_view other : {"namespace", "struct ", "class ", "enum ", "union "}) {
    if (head.starts_with(other)) {
      return std::nullopt;
    }
  }
  std::size_t end = head.find("operator");
  if (end == std::string_view::npos) {
    end = head.find('(');
    if (end == std::string_view::npos || head.find('=') < end) {
      return std::nullopt;
    }
    // Of a specialisation, the name alone.
    if (end > 0 && head[end - 1] == '>') {
      end = head.rfind('<', end);
    }
  }
  std::size_t begin = end;
  while (begin > 0 && IsPartOfName(head[begin - 1])) {
    --begin;
  }
  return std::string(head.substr(begin, end - begin));
}

// "" when there is neither a.h for a.cc nor one for the name in front of a '_' in it.
std::string HeaderOf(const std::string& path, const ReadSource& read) {
  const std::size_t folder = path.rfind('/') + 1;
  std::string stem = path.substr(0, path.rfind('.'));
  while (read(stem + ".h").empty()) {
    const std::size_t cut = stem.rfind('_');
    if (cut == std::string::npos || cut <= folder) {
      return "";
    }
    stem.resize(cut);
  }
  return stem + ".h";
}

bool IsInHeaderOfMany(const Definition& definition, const ReadSource& read) {
  return std::any_of(kHeadersOfMany.begin(), kHeadersOfMany.end(), [&](std::string_view header) {
    return Declares(read(std::string(header)), definition.name);
  });
}

}  // namespace

std::vector<Definition> FindDefinitions(std::string_view source) {
  const std::string text = BlankOutProse(WithoutOwnPart(source));
  std::vector<Definition> definitions;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t line_end = std::min(text.find('\n', at), text.size());
    if (!IsPartOfName(text[at]) && text[at] != '[') {
      at = line_end + 1;
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(";{", at), text.size());
    const bool body = end < text.size() && text[end] == '{';
    const std::string_view head = std::string_view(text).substr(at, end - at);
    const auto name = body ? NameIn(head) : std::nullopt;
    if (name && *name != "main") {
      definitions.push_back({*name, CountLines(text.substr(0, at)) + 1});
    }
    at = std::min(text.find('\n', end), text.size()) + 1;
  }
  return definitions;
}

bool Declares(std::string_view header, std::string_view name) {
  const std::string text = BlankOutProse(header);
  const std::size_t colon = name.find("::");
  if (colon == std::string_view::npos) {
    return !FindCalls(header, {std::string(name)}).empty();
  }
  const std::string_view owner = name.substr(0, colon);
  for (std::size_t at = text.find(owner); at != std::string::npos; at = text.find(owner, at + 1)) {
    if (IsTypeHead(text, at, owner)) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> FindStrayBodies(const SourceFile& source, const ReadSource& read) {
  const std::string header = HeaderOf(source.path, read);
  const std::string declarations = header.empty() ? "" : read(header);
  std::vector<std::string> strays;
  for (const Definition& definition : FindDefinitions(source.text)) {
    if (!Declares(declarations, definition.name) && !IsInHeaderOfMany(definition, read)) {
      strays.push_back(source.path + ":" + std::to_string(definition.line) + ": " +
                       definition.name + " is not declared in " +
                       (header.empty() ? "a header of this name" : header));
    }
  }
  return strays;
}

}  // namespace sqlicorn::architecture
