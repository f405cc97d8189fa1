// SPDX-License-Identifier: MIT
#include "worker/plan/sql_hint.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "worker/sqlite/connection.h"

namespace sqlicorn {
namespace {

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
  std::string name = found ? std::string(statement->ColumnText(0)) : "";
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
