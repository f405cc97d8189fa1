// SPDX-License-Identifier: MIT
#include "common/base/log_text.h"

#include <cstddef>

namespace sqlicorn {
namespace {

bool IsControl(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

}  // namespace

void AppendLogText(std::string_view text, Quotes quotes, std::string* out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool quote = c == '"' && quotes == Quotes::kEscape;
    if (!quote && !IsControl(c)) {
      continue;
    }
    out->append(text, begin, i - begin);
    begin = i + 1;
    if (quote) {
      out->append("\\\"");
    } else {
      const auto octet = static_cast<unsigned char>(c);
      out->append({'\\', 'x', kHex[octet >> 4U], kHex[octet & 15U]});
    }
  }
  out->append(text, begin, text.size() - begin);
}

}  // namespace sqlicorn
