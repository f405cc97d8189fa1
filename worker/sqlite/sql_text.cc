// SPDX-License-Identifier: MIT
#include "worker/sqlite/sql_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

constexpr std::array<std::string_view, 10> kControlWords = {
    "begin",   "commit", "end",    "rollback", "savepoint",
    "release", "attach", "detach", "vacuum",   "pragma"};

// The length of the blank at the start of `rest`; 0 when it starts with something else.
std::size_t BlankLength(std::string_view rest) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const auto up_to = [&rest](std::string_view end, std::size_t from) {
    const std::size_t found = rest.find(end, from);
    return found == std::string_view::npos ? rest.size() : found + end.size();
  };
  if (rest.starts_with("--")) {
    return up_to("\n", 2);
  }
  if (rest.starts_with("/*")) {
    return up_to("*/", 2);
  }
  if (rest.starts_with(kByteOrderMark)) {
    return kByteOrderMark.size();
  }
  return std::min(rest.find_first_not_of("; \t\n\v\f\r"), rest.size());
}

// In lower case; "" where no letter stands.
std::string WordAt(std::string_view sql, std::size_t at) {
  std::string word;
  for (const char c : sql.substr(at)) {
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) {
      break;
    }
    word.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  return word;
}

}  // namespace

std::size_t SkipBlank(std::string_view sql, std::size_t from) {
  while (const std::size_t blank = BlankLength(sql.substr(from))) {
    from += blank;
  }
  return from;
}

bool StartsWithControlWord(std::string_view sql) {
  const std::string word = WordAt(sql, SkipBlank(sql, 0));
  return std::find(kControlWords.begin(), kControlWords.end(), word) != kControlWords.end();
}

// VACUUM takes at most the name of a database before INTO.
bool IsVacuumInto(std::string_view sql) {
  std::size_t at = SkipBlank(sql, 0);
  std::string word = WordAt(sql, at);
  if (word != "vacuum") {
    return false;
  }
  for (int i = 0; i < 2 && word != "into"; ++i) {
    at = SkipBlank(sql, at + word.size());
    word = WordAt(sql, at);
  }
  return word == "into";
}

std::string AtPlace(std::string_view message, std::string_view sql, std::size_t offset) {
  return fmt::format("{} (at {} of the SQL)", message, LineAndColumn(sql, offset));
}

std::string LineAndColumn(std::string_view sql, std::size_t offset) {
  const std::string_view before = sql.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const std::string_view line = before.substr(line_start);
  const auto is_character_start = [](char c) { return (c & 0xC0) != 0x80; };
  return fmt::format("{}:{}", std::count(before.begin(), before.end(), '\n') + 1,
                     std::count_if(line.begin(), line.end(), is_character_start) + 1);
}

}  // namespace sqlicorn
