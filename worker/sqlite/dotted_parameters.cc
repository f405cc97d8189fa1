// SPDX-License-Identifier: MIT
#include "worker/sqlite/dotted_parameters.h"

#include <algorithm>

namespace sqlicorn {
namespace {

// Of the private use area: it is a letter to SQLite, one character for whoever counts columns, and
// in nobody's names.
constexpr std::string_view kHiddenDot = "\xEE\x80\xAE";

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool IsNamePart(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9') || c == '$';
}

std::size_t NameLength(std::string_view text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), IsNamePart);
  return static_cast<std::size_t>(end - text.begin());
}

// Up to and with the first `end` from `from` on; all of it where there is none.
std::size_t UpTo(std::string_view text, std::string_view end, std::size_t from) {
  const std::size_t found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

// The length of what stands at the front, 'it''s', "a ""name""", `name`: a quote within it is
// doubled.
std::size_t QuotedLength(std::string_view text) {
  const std::string_view quote = text.substr(0, 1);
  std::size_t end = UpTo(text, quote, 1);
  while (end < text.size() && text[end] == quote.front()) {
    end = UpTo(text, quote, end + 1);
  }
  return end;
}

// The length of the token at the front of `text`, which is not empty.
std::size_t TokenLength(std::string_view text) {
  switch (text.front()) {
    case '\'':
    case '"':
    case '`':
      return QuotedLength(text);
    case '[':
      return UpTo(text, "]", 1);
    case '-':
      return text.starts_with("--") ? UpTo(text, "\n", 2) : 1;
    case '/':
      return text.starts_with("/*") ? UpTo(text, "*/", 2) : 1;
    default:
      return std::max<std::size_t>(NameLength(text), 1);
  }
}

bool StartsParameter(std::string_view text) {
  const char c = text.front();
  return (c == ':' || c == '@' || c == '$') && text.size() > 1 && IsNamePart(text[1]);
}

}  // namespace

std::string HideDots(std::string_view sql) {
  std::string hidden;
  while (!sql.empty()) {
    const bool parameter = StartsParameter(sql);
    std::size_t length = parameter ? 1 + NameLength(sql.substr(1)) : TokenLength(sql);
    hidden += sql.substr(0, length);
    sql.remove_prefix(length);
    if (parameter && sql.size() > 1 && sql[0] == '.' && IsNameStart(sql[1])) {
      length = NameLength(sql.substr(1));
      hidden.append(kHiddenDot).append(sql.substr(1, length));
      sql.remove_prefix(1 + length);
    }
  }
  return hidden;
}

std::string ShowDots(std::string_view text) {
  std::string shown(text);
  for (std::size_t at = shown.find(kHiddenDot); at != std::string::npos;
       at = shown.find(kHiddenDot, at)) {
    shown.replace(at, kHiddenDot.size(), ".");
  }
  return shown;
}

}  // namespace sqlicorn
