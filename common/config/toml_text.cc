// SPDX-License-Identifier: MIT
#include "common/config/toml_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sqlicorn {
namespace {

bool IsBareKeyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string Escape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F ? fmt::format("\\u{:04X}", byte) : std::string(1, c);
}

}  // namespace

std::string TomlKey(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), IsBareKeyCharacter);
  return bare ? std::string(key) : TomlString(key);
}

std::string TomlString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += Escape(c);
  }
  return quoted + '"';
}

std::string TomlNumber(double number) {
  std::string text = fmt::format("{}", number);
  const bool integral = text.find_first_not_of("-0123456789") == std::string::npos;
  return integral ? text + ".0" : text;
}

std::string TomlList(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted(texts.size());
  std::transform(texts.begin(), texts.end(), quoted.begin(), TomlString);
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

}  // namespace sqlicorn
