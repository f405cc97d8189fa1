// SPDX-License-Identifier: MIT
#pragma once

#include <string>

struct sqlite3;

namespace sqlicorn {

class Statement;

// What SQLite's authorizer is used for: it is asked before each statement is compiled what that
// would do. A connection has one at a time, and to set another makes SQLite compile all its
// statements anew.

// While it lives, SQL on `db` can neither begin nor end a transaction, nor reach beyond the
// database of the connection: whoever holds the transaction can undo all of it. Nothing of a
// statement that is refused has run.
class SchemaGuard {
 public:
  explicit SchemaGuard(sqlite3* db);
  ~SchemaGuard();
  SchemaGuard(const SchemaGuard&) = delete;
  SchemaGuard& operator=(const SchemaGuard&) = delete;

  // SQLite's message about a statement, in words of ours when it was refused here.
  [[nodiscard]] std::string Explain(const std::string& message) const;

 private:
  static int OnAction(void* self, int action, const char* first, const char* second,
                      const char* database, const char* trigger) noexcept;

  sqlite3* db_;
  const char* why_ = nullptr;
};

// The view that a statement with RETURNING would pretend to write, "" when there is none. With
// RETURNING SQLite takes a write to a view that has no trigger to write for it: the statement
// answers with a row, and nothing is written.
[[nodiscard]] std::string FindSilentView(sqlite3* db, const Statement& statement);

// Whether the statement asks what another connection would answer otherwise: what was written last
// (last_insert_rowid and its kin), or what temporary tables there are.
[[nodiscard]] bool AsksItsConnection(sqlite3* db, const Statement& statement);

}  // namespace sqlicorn
