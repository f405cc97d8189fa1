// SPDX-License-Identifier: MIT
#include "loadgen/stats/python_repr.h"

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

std::string EscapeAscii(char c, char quote) {
  switch (c) {
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (c == quote) {
    return {'\\', quote};
  }
  const auto octet = static_cast<unsigned char>(c);
  return octet < 0x20 || octet == 0x7f ? fmt::format("\\x{:02x}", octet) : std::string(1, c);
}

// Whether the two octets are a character up to U+00FF that Python does not print.
bool IsHiddenLatin1(unsigned char first, unsigned char second) {
  return first == 0xc2 && (second <= 0xa0 || second == 0xad);
}

}  // namespace

double AsDouble(const PythonNumber& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

std::string PythonRepr(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".en") == std::string::npos) {
    text += ".0";
  }
  return text;
}

std::string PythonRepr(const PythonNumber& number) {
  if (const auto* whole = std::get_if<std::int64_t>(&number)) {
    return std::to_string(*whole);
  }
  return PythonRepr(std::get<double>(number));
}

std::string PythonRepr(std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const bool has_double = text.find('"') != std::string_view::npos;
  const char quote = has_single && !has_double ? '"' : '\'';
  std::string repr(1, quote);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const auto second = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\xff');
    if (IsHiddenLatin1(first, second)) {
      repr += fmt::format("\\x{:02x}", second);
      ++i;
    } else {
      repr += EscapeAscii(text[i], quote);
    }
  }
  return repr + quote;
}

std::string Latin1ToUtf8(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | (octet >> 6));
      text += static_cast<char>(0x80 | (octet & 0x3f));
    }
  }
  return text;
}

}  // namespace sqlicorn::loadgen
