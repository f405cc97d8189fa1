// SPDX-License-Identifier: MIT
#include "common/base/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sqlicorn {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 64;

constexpr std::array<std::uint8_t, 256> MakeValues() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> kValues = MakeValues();

// Without the '=' that fill the last four characters; what is left with one of them was too many.
std::string_view WithoutPadding(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) {
    return text;
  }
  const std::size_t most = text.ends_with("==") ? 2 : 1;
  text.remove_suffix(text.back() == '=' ? most : 0);
  return text;
}

}  // namespace

bool DecodeBase64(std::string_view text, std::string* octets) {
  text = WithoutPadding(text);
  const std::size_t before = octets->size();
  octets->reserve(before + text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  unsigned held = 0;  // bits that are no octet yet
  bool good = text.size() % 4 != 1;
  for (const char c : text) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
    good = good && value != kNone;
    bits = bits << 6U | (value & 63U);
    held += 6;
    if (held >= 8) {
      held -= 8;
      octets->push_back(static_cast<char>(bits >> held & 255U));
    }
  }
  good = good && (bits & ((1U << held) - 1)) == 0;
  if (!good) {
    octets->resize(before);
  }
  return good;
}

}  // namespace sqlicorn
