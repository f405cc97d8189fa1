// SPDX-License-Identifier: MIT
#include "common/base/utf8.h"

#include <cstdint>
#include <cstring>

namespace sqlicorn {
namespace {

struct Range {
  unsigned char low;
  unsigned char high;
};

// How many octets follow `lead`, and what the first of them may be; 0 when `lead` cannot lead.
int FollowingOctets(unsigned char lead, Range* second) {
  *second = {0x80, 0xbf};
  if (lead >= 0xc2 && lead <= 0xdf) {
    return 1;
  }
  if (lead >= 0xe0 && lead <= 0xef) {
    second->low = lead == 0xe0 ? 0xa0 : 0x80;
    second->high = lead == 0xed ? 0x9f : 0xbf;
    return 2;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    second->low = lead == 0xf0 ? 0x90 : 0x80;
    second->high = lead == 0xf4 ? 0x8f : 0xbf;
    return 3;
  }
  return 0;
}

}  // namespace

std::size_t SequenceSize(std::string_view text) {
  Range range{};
  const auto following =
      static_cast<std::size_t>(FollowingOctets(static_cast<unsigned char>(text[0]), &range));
  if (following == 0 || text.size() <= following) {
    return 0;
  }
  for (std::size_t i = 1; i <= following; ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet < range.low || octet > range.high) {
      return 0;
    }
    range = {0x80, 0xbf};
  }
  return following + 1;
}

namespace {

std::size_t SkipAscii(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t word = 0;
  while (text.size() - at >= sizeof(word)) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    if ((word & kHighBits) != 0) {
      break;
    }
    at += sizeof(word);
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) {
    ++at;
  }
  return at;
}

}  // namespace

std::size_t ValidPrefix(std::string_view text) {
  std::size_t at = SkipAscii(text, 0);
  while (at < text.size()) {
    const std::size_t size = SequenceSize(text.substr(at));
    if (size == 0) {
      break;
    }
    at = SkipAscii(text, at + size);
  }
  return at;
}

bool IsValidUtf8(std::string_view text) {
  return ValidPrefix(text) == text.size();
}

bool IsValidText(std::string_view text) {
  return text.find('\0') == std::string_view::npos && IsValidUtf8(text);
}

}  // namespace sqlicorn
