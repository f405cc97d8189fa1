// SPDX-License-Identifier: MIT
// With RETURNING SQLite takes a write to a view that has no trigger to write for it: the statement
// answers with a row, and nothing is written.
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

#include "worker/sqlite/connection.h"

namespace sqlicorn {
namespace {

struct Target {
  int action = 0;  // SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE
  std::string table;
  std::string column;
};

// Hears what a statement that is compiled would do; the first write is the statement's own.
int Note(void* target, int action, const char* table, const char* column, const char* /*schema*/,
         const char* trigger) noexcept {
  auto& first = *static_cast<std::optional<Target>*>(target);
  const bool writes = action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
  if (writes && !first && trigger == nullptr) {
    first = Target{action, table, column == nullptr ? "" : column};
  }
  return SQLITE_OK;
}

int TryToCompile(sqlite3* db, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(db, sql, -1, &raw, nullptr);
  sqlite3_finalize(raw);
  return code;
}

std::string Quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) {
    text += c == '"' ? "\"\"" : std::string(1, c);
  }
  return text + '"';
}

// The same write without RETURNING, of which SQLite says whether it could be done.
std::string PlainWrite(const Target& target) {
  const std::string table = Quoted(target.table);
  switch (target.action) {
    case SQLITE_INSERT:
      return fmt::format("INSERT INTO {} DEFAULT VALUES", table);
    case SQLITE_UPDATE:
      return fmt::format("UPDATE {} SET {} = NULL", table, Quoted(target.column));
    default:
      return fmt::format("DELETE FROM {}", table);
  }
}

}  // namespace

std::string Connection::SilentViewOf(const Statement& statement) {
  if (statement.read_only() || statement.column_count() == 0) {
    return "";
  }
  const std::string sql(statement.sql());
  std::optional<Target> target;
  sqlite3_set_authorizer(db_.get(), &Note, &target);
  static_cast<void>(TryToCompile(db_.get(), sql.c_str()));
  sqlite3_set_authorizer(db_.get(), nullptr, nullptr);
  if (!target || TryToCompile(db_.get(), PlainWrite(*target).c_str()) == SQLITE_OK) {
    return "";
  }
  const std::string refusal = fmt::format("cannot modify {} because it is a view", target->table);
  return refusal == sqlite3_errmsg(db_.get()) ? target->table : "";
}

}  // namespace sqlicorn
