// SPDX-License-Identifier: MIT
#include "worker/sqlite/sql_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "worker/sqlite/connection.h"

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

// The name behind `words` at the start of the message, without quotes: of "no such column: x (at
// 1:8 of the SQL)" it is x. Nothing when the message is another one.
std::optional<std::string> NameAfter(std::string_view message, std::string_view words) {
  if (!message.starts_with(words)) {
    return std::nullopt;
  }
  std::string_view rest = message.substr(words.size());
  rest = rest.substr(0, std::min({rest.find(" (at "), rest.find(" - should "), rest.size()}));
  if (rest.size() > 2 && rest.front() == '"' && rest.back() == '"') {
    rest = rest.substr(1, rest.size() - 2);
  }
  return std::string(rest);
}

// "trigger 'note_ai'": the first of the schema whose text has these words.
std::string FindInSchema(Connection& connection, std::string_view words) {
  auto statement = connection.Prepare(
      "SELECT type || ' ''' || name || '''' FROM sqlite_schema "
      "WHERE type IN ('trigger', 'view') AND instr(lower(sql), lower(?1)) ORDER BY name LIMIT 1");
  if (!statement) {
    return "";
  }
  statement->BindText(1, words);
  const bool found = statement->Step() == StepResult::kRow;
  std::string name = found ? std::string(statement->column(0).Text()) : "";
  statement->Reset();
  return name;
}

bool MentionsAlterTable(std::string_view sql) {
  std::string lower(sql);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower.find("alter table") != std::string::npos;
}

// Text in double quotes names a column here, where SQLite as it comes takes it for text.
std::string QuoteHint(Connection& connection, const std::string& name, std::string_view sql) {
  const std::string quoted = '"' + name + '"';
  if (sql.find(quoted) != std::string_view::npos) {
    return fmt::format("; double quotes are for names, text is written '{}'", name);
  }
  const std::string user = FindInSchema(connection, quoted);
  return user.empty() ? ""
                      : fmt::format(
                            "; the {} of the database has {}: double quotes are for names, "
                            "text is written '{}'; where other programs rely on it, set "
                            "database.double_quoted_text = true",
                            user, quoted, name);
}

std::string TrustHint(Connection& connection, const std::string& what) {
  const std::string user = FindInSchema(connection, what);
  return fmt::format(
      "; {} uses it: if you trust the schema of this database, set trusted_schema = "
      "true under [database.pragmas]",
      user.empty() ? "a trigger or view" : "the " + user);
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

std::string SqlHint(Connection& connection, std::string_view message, std::string_view sql) {
  if (const auto column = NameAfter(message, "no such column: ")) {
    return QuoteHint(connection, *column, sql);
  }
  if (const auto table = NameAfter(message, "unsafe use of virtual table ")) {
    return TrustHint(connection, *table);
  }
  if (const auto function = NameAfter(message, "unsafe use of ")) {
    return TrustHint(connection, function->substr(0, function->find('(')));
  }
  if (message.starts_with("duplicate column name: ") && MentionsAlterTable(sql)) {
    return "; schema files are applied at every start, so that ALTER TABLE fails the second time: "
           "change the table once with another program, and write the column into CREATE TABLE";
  }
  return "";
}

}  // namespace sqlicorn
