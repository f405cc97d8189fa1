// SPDX-License-Identifier: MIT
#include "worker/sqlite/authorizer.h"

#include <strings.h>

#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <sqlite3.h>

#include "worker/sqlite/statement.h"

namespace sqlicorn {
namespace {

// What is wrong with it, or null. Asked of what a statement does, so that no spelling, comment or
// trigger gets around it.
const char* WhyNot(int action, const char* first) {
  switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return "schema files run in one transaction, which they can neither begin nor end: remove "
             "BEGIN, COMMIT and their kin (the .dump of the sqlite3 program has them)";
    // VACUUM comes as ATTACH: it copies into a database that it attaches.
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
      return "schema files are for the database that is served: ATTACH, DETACH and VACUUM are not "
             "allowed";
    // Workers may be committing, and on versions with the bug a checkpoint must not meet that.
    case SQLITE_PRAGMA:
      return strcasecmp(first, "wal_checkpoint") == 0 ? "schema files make no checkpoints"
                                                      : nullptr;
    default:
      return nullptr;
  }
}

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

bool IsOfConnection(std::string_view function) {
  return function == "last_insert_rowid" || function == "changes" || function == "total_changes";
}

// Hears of each function and table that a statement uses, those of views too.
int NoteConnection(void* asks, int action, const char* /*table*/, const char* name,
                   const char* schema, const char* /*trigger*/) noexcept {
  const bool function = action == SQLITE_FUNCTION && name != nullptr && IsOfConnection(name);
  const bool temporary =
      action == SQLITE_READ && schema != nullptr && std::string_view(schema) == "temp";
  if (function || temporary) {
    *static_cast<bool*>(asks) = true;
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

SchemaGuard::SchemaGuard(sqlite3* db) : db_(db) {
  sqlite3_set_authorizer(db, &SchemaGuard::OnAction, this);
}

SchemaGuard::~SchemaGuard() {
  sqlite3_set_authorizer(db_, nullptr, nullptr);
}

int SchemaGuard::OnAction(void* self, int action, const char* first, const char* /*second*/,
                          const char* /*database*/, const char* /*trigger*/) noexcept {
  const char* const why = WhyNot(action, first == nullptr ? "" : first);
  if (why == nullptr) {
    return SQLITE_OK;
  }
  static_cast<SchemaGuard*>(self)->why_ = why;
  return SQLITE_DENY;
}

std::string SchemaGuard::Explain(const std::string& message) const {
  constexpr std::string_view kTheirs = "not authorized";
  if (why_ == nullptr || !message.starts_with(kTheirs)) {
    return message;
  }
  return why_ + message.substr(kTheirs.size());
}

std::string FindSilentView(sqlite3* db, const Statement& statement) {
  if (statement.read_only() || statement.column_count() == 0) {
    return "";
  }
  const std::string sql(statement.sql());
  // What the statement itself writes only the authorizer tells. Then the same write is compiled
  // without RETURNING, and without the authorizer, which would hear that one too.
  std::optional<Target> target;
  sqlite3_set_authorizer(db, &Note, &target);
  static_cast<void>(TryToCompile(db, sql.c_str()));
  sqlite3_set_authorizer(db, nullptr, nullptr);
  if (!target || TryToCompile(db, PlainWrite(*target).c_str()) == SQLITE_OK) {
    return "";
  }
  // By its words: SQLite has no code of its own for this, and another refusal, such as of a
  // generated column, says nothing about views.
  const std::string refusal = fmt::format("cannot modify {} because it is a view", target->table);
  return refusal == sqlite3_errmsg(db) ? target->table : "";
}

bool AsksItsConnection(sqlite3* db, const Statement& statement) {
  const std::string sql(statement.sql());
  bool asks = false;
  sqlite3_set_authorizer(db, &NoteConnection, &asks);
  static_cast<void>(TryToCompile(db, sql.c_str()));
  sqlite3_set_authorizer(db, nullptr, nullptr);
  return asks;
}

}  // namespace sqlicorn
