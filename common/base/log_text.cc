// SPDX-License-Identifier: MIT
#include "common/base/log_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/base/utf8.h"

namespace sqlicorn {
namespace {

// Octets that pass without a second look.
constexpr std::array<bool, 256> MakePlainTable() {
  std::array<bool, 256> table{};
  for (std::size_t octet = 0x20; octet < 0x7F; ++octet) {
    table[octet] = octet != '"' && octet != '\\';
  }
  return table;
}

constexpr std::array<bool, 256> kPlain = MakePlainTable();

// How many octets at the front of `text` pass as they are.
std::size_t PassingPrefix(std::string_view text, Quotes quotes) {
  const auto octet = static_cast<unsigned char>(text.front());
  if (octet < 0x80) {
    const bool kept = octet == '"' || octet == '\\' || octet == '\t';
    return kPlain[octet] || (kept && quotes == Quotes::kKeep) ? 1 : 0;
  }
  const std::size_t size = SequenceSize(text);
  const bool control = octet == 0xC2 && size == 2 && static_cast<unsigned char>(text[1]) < 0xA0;
  if (size > 0) {
    return control ? 0 : size;
  }
  return octet < 0xA0 ? 0 : 1;
}

void AppendEscape(char c, std::string* out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  if (c == '"' || c == '\\') {
    out->append({'\\', c});
    return;
  }
  const auto octet = static_cast<unsigned char>(c);
  out->append({'\\', 'x', kHex[octet >> 4U], kHex[octet & 15U]});
}

}  // namespace

void AppendLogText(std::string_view text, Quotes quotes, std::string* out) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (kPlain[static_cast<unsigned char>(text[i])]) {
      ++i;
      continue;
    }
    const std::size_t passing = PassingPrefix(text.substr(i), quotes);
    if (passing == 0) {
      out->append(text, begin, i - begin);
      AppendEscape(text[i], out);
      begin = i + 1;
    }
    i += std::max<std::size_t>(passing, 1);
  }
  out->append(text, begin, text.size() - begin);
}

}  // namespace sqlicorn
