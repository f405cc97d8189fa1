// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "worker/sqlite/sql_status.h"

struct sqlite3_stmt;
struct sqlite3_value;

namespace sqlicorn {

enum class StepResult { kRow, kDone, kFailed };

// The values are SQLite's own.
enum class ColumnType { kInteger = 1, kReal = 2, kText = 3, kBlob = 4, kNull = 5 };

// One value of the row that a statement stands on; it and its views end with the next Step or
// Reset. Reading a value as another type converts it as SQLite does; NULL reads as 0 or an empty
// view.
class ColumnValue {
 public:
  explicit ColumnValue(sqlite3_value* value) : value_(value) {}

  [[nodiscard]] ColumnType type() const;
  [[nodiscard]] std::int64_t Integer() const;
  [[nodiscard]] double Real() const;
  [[nodiscard]] std::string_view Text() const;
  [[nodiscard]] std::string_view Blob() const;

 private:
  sqlite3_value* value_;
};

// One prepared statement, made by Connection::Prepare for the lifetime of the connection and
// finalized by the destructor, which must run before the connection's. It runs as
//   (Reset → Bind* → Step…)*
// Between the first kRow and Reset it pins a snapshot (and in rollback journal modes a shared
// lock), so whoever stops reading early must still call Reset.
class Statement {
 public:
  // kFailed has ended the run already: nothing of it holds a lock, and the bindings are kept so
  // that a busy statement can be stepped again. After kDone, Reset comes before the next Step. A
  // binding that failed (a value over SQLite's size limit, an index out of range) makes the step
  // fail. A statement that the schema no longer fits fails as SqlStatus::outdated and works again
  // once the schema fits.
  [[nodiscard]] StepResult Step();

  // Of the last failed step; Reset keeps it.
  [[nodiscard]] const SqlStatus& status() const { return status_; }

  // Ends the run and sets every parameter to NULL.
  void Reset();

  // Parameters count from 1. Text and blobs are not copied: the bytes must live until Reset.
  void BindNull(int index);
  void BindInteger(int index, std::int64_t value);
  void BindReal(int index, double value);
  void BindText(int index, std::string_view value);
  void BindBlob(int index, std::string_view value);

  // As it was prepared.
  [[nodiscard]] std::string_view sql() const;

  [[nodiscard]] int parameter_count() const;

  // "name" of :name, @name or $name; empty when positional.
  [[nodiscard]] std::string_view parameter_name(int index) const;

  // Columns count from 0. Values exist after kRow.
  [[nodiscard]] int column_count() const;
  [[nodiscard]] std::string_view column_name(int column) const;
  [[nodiscard]] ColumnValue column(int column) const;

  // Reads every value of the row as its own type, and drops it.
  void FetchRow() const;

  // How often a step had to prepare it again, because the schema had changed. Its columns may be
  // others since.
  [[nodiscard]] int times_prepared_anew() const;

  // The first column name that stands twice, which would be one JSON key twice; "" when there is
  // none.
  [[nodiscard]] std::string RepeatedColumn() const;

  // Whether it leaves the database file unchanged.
  [[nodiscard]] bool read_only() const;

  // BEGIN, COMMIT, ROLLBACK, SAVEPOINT and their kin, and what works on a whole connection or file:
  // ATTACH, DETACH, VACUUM, PRAGMA. Not INSERT OR ROLLBACK, which may end a transaction too.
  [[nodiscard]] bool ends_or_begins_transaction() const { return control_; }

 private:
  friend class Connection;

  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  explicit Statement(sqlite3_stmt* statement);

  void KeepBindError(int code);
  StepResult Fail();
  void TellOutdated();
  void TellExhausted();

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  int bind_error_ = 0;
  bool control_ = false;
  SqlStatus status_;
};

}  // namespace sqlicorn
