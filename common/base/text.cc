// SPDX-License-Identifier: MIT
#include "common/base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>

#include <fmt/format.h>

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

// Octets that pass into a log without a second look.
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

char Fold(char c) {
  return c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Levenshtein's distance, one row at a time; case and '-' against '_' do not count.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = diagonal + (Fold(a[i - 1]) == Fold(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
    }
  }
  return row[b.size()];
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

std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = &candidate;
      best_distance = distance;
    }
  }
  return best == nullptr ? "" : fmt::format(" (did you mean '{}'?)", *best);
}

}  // namespace sqlicorn
