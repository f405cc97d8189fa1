// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sqlicorn {

// Octet classes of RFC 9110 and helpers that ignore the locale.

[[nodiscard]] constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr char ToLowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] inline bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ToLowerAscii(a[i]) != ToLowerAscii(b[i])) {
      return false;
    }
  }
  return true;
}

// A non-empty run of RFC 9110 tchar: header names, methods.
[[nodiscard]] bool IsToken(std::string_view text);

// True with any octet a header value may not hold: controls other than HTAB, and DEL.
[[nodiscard]] bool HasControl(std::string_view text);

// Without spaces and tabs at both ends.
[[nodiscard]] inline std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

// The next element of a comma-separated list, trimmed; `list` advances behind it.
[[nodiscard]] std::string_view TakeListItem(std::string_view& list);

// The value of a hexadecimal digit, or -1.
[[nodiscard]] int HexValue(char c);

// `text` between single quotes, at most 80 octets of it, everything but printable ASCII as \xHH, '
// as \' and \ as \\: client octets can neither break a log line, nor pass for an escape, nor flood
// it.
[[nodiscard]] std::string QuoteForLog(std::string_view text);

}  // namespace sqlicorn
