// SPDX-License-Identifier: MIT
#include "worker/sqlite/statement.h"

#include <set>
#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

#include "worker/sqlite/sql_text.h"

namespace sqlicorn {

static_assert(static_cast<int>(ColumnType::kInteger) == SQLITE_INTEGER);
static_assert(static_cast<int>(ColumnType::kReal) == SQLITE_FLOAT);
static_assert(static_cast<int>(ColumnType::kText) == SQLITE_TEXT);
static_assert(static_cast<int>(ColumnType::kBlob) == SQLITE_BLOB);
static_assert(static_cast<int>(ColumnType::kNull) == SQLITE_NULL);

ColumnType ColumnValue::type() const {
  return static_cast<ColumnType>(sqlite3_value_type(value_));
}

std::int64_t ColumnValue::Integer() const {
  return sqlite3_value_int64(value_);
}

double ColumnValue::Real() const {
  return sqlite3_value_double(value_);
}

// The pointer first: asking for the text may convert the value and so change its length.
std::string_view ColumnValue::Text() const {
  const unsigned char* text = sqlite3_value_text(value_);
  const int bytes = sqlite3_value_bytes(value_);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(bytes)};
}

std::string_view ColumnValue::Blob() const {
  const void* blob = sqlite3_value_blob(value_);
  const int bytes = sqlite3_value_bytes(value_);
  return {static_cast<const char*>(blob), static_cast<std::size_t>(bytes)};
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

// The first word is judged once, here: SQLite tells of a statement whether it reads, but BEGIN,
// COMMIT and many a PRAGMA are "read-only" for it too.
Statement::Statement(sqlite3_stmt* statement)
    : statement_(statement), control_(StartsWithControlWord(sqlite3_sql(statement))) {}

// A binding that failed leaves NULL: to run all the same would write that.
StepResult Statement::Step() {
  if (bind_error_ != SQLITE_OK) {
    status_ = SqlStatus(bind_error_, sqlite3_errstr(bind_error_));
    return StepResult::kFailed;
  }
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return StepResult::kRow;
    case SQLITE_DONE:
      return StepResult::kDone;
    default:
      return Fail();
  }
}

StepResult Statement::Fail() {
  // Before anything else is asked of the connection, which keeps the error of its last call only.
  status_ = SqlStatus::LastOf(sqlite3_db_handle(statement_.get()));
  // A COMMIT that was busy stays suspended inside SQLite otherwise.
  sqlite3_reset(statement_.get());
  if (status_.code() == SQLITE_ERROR) {
    TellOutdated();
  } else if (status_.code() == SQLITE_FULL) {
    TellExhausted();
  }
  return StepResult::kFailed;
}

// After a change of the schema a step prepares the statement anew, and a failure of that has the
// same code as a value that a function refused: only preparing it once more tells them apart.
void Statement::TellOutdated() {
  sqlite3* const db = sqlite3_db_handle(statement_.get());
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db, sqlite3_sql(statement_.get()), -1, &raw, nullptr) == SQLITE_ERROR) {
    status_ = SqlStatus::Outdated(sqlite3_errmsg(db));
  }
  sqlite3_finalize(raw);
}

// SQLite says "database or disk is full" too when a table may give out no further number.
// That is not for an operator to mend, and not to be tried again, as what is told of a full disk
// is.
void Statement::TellExhausted() {
  sqlite3_stmt* look = nullptr;
  sqlite3_prepare_v2(sqlite3_db_handle(statement_.get()),
                     "SELECT name FROM sqlite_sequence WHERE seq = 9223372036854775807", -1, &look,
                     nullptr);
  if (look != nullptr && sqlite3_step(look) == SQLITE_ROW) {
    const auto* const table = reinterpret_cast<const char*>(sqlite3_column_text(look, 0));
    status_ = SqlStatus(SQLITE_CONSTRAINT_ROWID,
                        fmt::format("table '{}' has used up its AUTOINCREMENT numbers", table));
  }
  sqlite3_finalize(look);
}

// The bindings go too: text is bound without a copy, and points into a request that is about to be
// replaced. The code of sqlite3_reset is that of the last step, which has been told already.
void Statement::Reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bind_error_ = SQLITE_OK;
}

void Statement::KeepBindError(int code) {
  if (code != SQLITE_OK) {
    bind_error_ = code;
  }
}

void Statement::BindNull(int index) {
  KeepBindError(sqlite3_bind_null(statement_.get(), index));
}

void Statement::BindInteger(int index, std::int64_t value) {
  KeepBindError(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::BindReal(int index, double value) {
  KeepBindError(sqlite3_bind_double(statement_.get(), index, value));
}

// SQLite takes a null pointer for NULL, but an empty view may have one and is an empty value.
void Statement::BindText(int index, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  KeepBindError(
      sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

// An empty view may point nowhere, which SQLite would take for NULL.
void Statement::BindBlob(int index, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  KeepBindError(sqlite3_bind_blob64(statement_.get(), index, data, value.size(), SQLITE_STATIC));
}

std::string_view Statement::sql() const {
  return sqlite3_sql(statement_.get());
}

int Statement::parameter_count() const {
  return sqlite3_bind_parameter_count(statement_.get());
}

std::string_view Statement::parameter_name(int index) const {
  const char* name = sqlite3_bind_parameter_name(statement_.get(), index);
  return name == nullptr || *name == '?' ? std::string_view() : std::string_view(name + 1);
}

int Statement::column_count() const {
  return sqlite3_column_count(statement_.get());
}

std::string_view Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(statement_.get(), column);
  return name == nullptr ? std::string_view() : std::string_view(name);
}

// The value once, and all else of the value: each sqlite3_column_ function finds the column and
// keeps the error state anew. Such a value is not protected against other threads, of which this
// connection has none.
ColumnValue Statement::column(int column) const {
  return ColumnValue(sqlite3_column_value(statement_.get(), column));
}

// Without ColumnValue between: this is the innermost loop of a worker.
void Statement::FetchRow() const {
  const int columns = sqlite3_data_count(statement_.get());
  for (int i = 0; i < columns; ++i) {
    sqlite3_value* const value = sqlite3_column_value(statement_.get(), i);
    switch (sqlite3_value_type(value)) {
      case SQLITE_INTEGER:
        sqlite3_value_int64(value);
        break;
      case SQLITE_FLOAT:
        sqlite3_value_double(value);
        break;
      case SQLITE_TEXT:
        sqlite3_value_text(value);
        sqlite3_value_bytes(value);
        break;
      case SQLITE_BLOB:
        sqlite3_value_blob(value);
        sqlite3_value_bytes(value);
        break;
      default:
        break;
    }
  }
}

// Of the statement's whole life: 0 is "do not reset the count".
int Statement::times_prepared_anew() const {
  return sqlite3_stmt_status(statement_.get(), SQLITE_STMTSTATUS_REPREPARE, 0);
}

std::string Statement::RepeatedColumn() const {
  std::set<std::string_view> names;
  for (int i = 0; i < column_count(); ++i) {
    if (!names.insert(column_name(i)).second) {
      return std::string(column_name(i));
    }
  }
  return "";
}

bool Statement::read_only() const {
  return sqlite3_stmt_readonly(statement_.get()) != 0;
}

}  // namespace sqlicorn
