// SPDX-License-Identifier: MIT
#include "loadgen/report/printable_text.h"

#include <cstddef>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

// How many octets the character of UTF-8 has that begins with this one; 0 = none does.
std::size_t LengthAfter(unsigned char first) {
  if (first < 0x80) {
    return 1;
  }
  if (first < 0xc2 || first > 0xf4) {
    return 0;
  }
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

// 0 where no whole character begins at the begin of `text`.
std::size_t CharacterLength(std::string_view text) {
  const std::size_t length = LengthAfter(static_cast<unsigned char>(text.front()));
  if (length > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80) {
      return 0;
    }
  }
  return length;
}

// Those up to U+009F; REQUIRES: one whole character.
bool IsControl(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 2) {
    return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
  }
  return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7f;
}

}  // namespace

std::string PrintableText(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = CharacterLength(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    if (length > 0 && !IsControl(character)) {
      printable += character;
    } else {
      for (const char octet : character) {
        printable += fmt::format("\\x{:02x}", static_cast<unsigned char>(octet));
      }
    }
    text.remove_prefix(character.size());
  }
  return printable;
}

}  // namespace sqlicorn::loadgen
