// SPDX-License-Identifier: MIT
#pragma once

#include <string>

struct sqlite3;

namespace sqlicorn {

// While it lives, SQL on `db` can neither begin nor end a transaction, nor reach beyond the
// database of the connection: whoever holds the transaction can undo all of it. SQLite asks before
// each statement is compiled, so that nothing of one that is refused has run.
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

}  // namespace sqlicorn
