// SPDX-License-Identifier: MIT
#include "worker/sqlite/connection.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "common/base/result.h"
#include "worker/sqlite/authorizer.h"
#include "worker/sqlite/sql_text.h"

namespace sqlicorn {
namespace {

// From 3.44 on FTS and R-tree tables are marked as harmless; before, a schema that is not trusted
// may not use them in its triggers and views, as their manuals do.
constexpr int kHarmlessTables = 3044000;

// "unable to open database file" alone leaves out what the system said.
std::string OpenFailure(sqlite3* db) {
  const int system_error = sqlite3_system_errno(db);
  if (system_error == 0) {
    return sqlite3_errmsg(db);
  }
  return fmt::format("{} ({})", sqlite3_errmsg(db), std::generic_category().message(system_error));
}

// NOMUTEX: one thread uses the connection.
int OpenFlags(OpenMode mode) {
  constexpr int kAlways = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case OpenMode::kReadWrite:
      return kAlways | SQLITE_OPEN_READWRITE;
    case OpenMode::kCreate:
      return kAlways | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case OpenMode::kReadOnly:
      return kAlways | SQLITE_OPEN_READONLY;
    case OpenMode::kImmutable:
      return kAlways | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  }
  return kAlways;
}

// REQUIRES: `path` is absolute, else its first name would be a host.
std::string ImmutableUri(std::string_view path) {
  constexpr std::string_view kPlain =
      "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string uri = "file://";
  for (const char c : path) {
    const bool plain = kPlain.find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "?immutable=1";
}

bool SetOption(sqlite3* db, int option, int value) {
  return sqlite3_db_config(db, option, value, static_cast<int*>(nullptr)) == SQLITE_OK;
}

}  // namespace

void Connection::Closer::operator()(sqlite3* db) const noexcept {
  // Fails only when a Statement is still alive.
  CHECK(sqlite3_close(db) == SQLITE_OK);
}

Connection::Connection(sqlite3* db) : db_(db) {}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::Open(const std::string& path, OpenMode mode) {
  const std::string what = fmt::format("cannot open database '{}'", path);
  sqlite3* db = nullptr;
  const std::string name = mode == OpenMode::kImmutable ? ImmutableUri(path) : path;
  const int code = sqlite3_open_v2(name.c_str(), &db, OpenFlags(mode), nullptr);
  if (db == nullptr) {
    return Error{fmt::format("{}: {}", what, sqlite3_errstr(code))};
  }
  // Before the code is looked at: a handle that could not be opened is there to be asked why, and
  // has to be closed.
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code != SQLITE_OK) {
    return Error{fmt::format("{}: {}", what, OpenFailure(db))};
  }
  if (const Status configured = connection->Configure(mode); !configured) {
    return configured.error().In(what);
  }
  connection->place_.Remember(std::string(connection->path()));
  return connection;
}

Status Connection::Configure(OpenMode mode) {
  // SQLite falls back to reading when it may not write.
  if (read_only() && (mode == OpenMode::kReadWrite || mode == OpenMode::kCreate)) {
    return Error{fmt::format("the file cannot be written by this user{}", kReadOnlyHint)};
  }
  // DEFENSIVE keeps SQL from writing what would damage the file itself (writable_schema, shadow
  // tables). What trust would allow are application-defined functions, and we define none.
  const int trust = sqlite3_libversion_number() < kHarmlessTables ? 1 : 0;
  const bool set = SetOption(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1) &&
                   SetOption(db_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, trust) &&
                   SetOption(db_.get(), SQLITE_DBCONFIG_DQS_DML, 0) &&
                   SetOption(db_.get(), SQLITE_DBCONFIG_DQS_DDL, 0);
  if (!set) {
    return Error{"this SQLite library lacks an option we need"};
  }
  return {};
}

std::int64_t Connection::SchemaVersion() {
  auto query = Prepare("PRAGMA schema_version");
  return query && query->Step() == StepResult::kRow ? query->column(0).Integer() : -1;
}

void Connection::AllowDoubleQuotedText() {
  SetOption(db_.get(), SQLITE_DBCONFIG_DQS_DML, 1);
  SetOption(db_.get(), SQLITE_DBCONFIG_DQS_DDL, 1);
}

void Connection::SkipCheckpointOnClose() {
  SetOption(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
}

// PASSIVE never calls the busy handler and never waits for readers. It takes a lock that one
// checkpoint at a time has, and copies up to where the slowest reader stands.
SqlStatus Connection::Checkpoint(int* pages, int* copied) {
  const int code =
      sqlite3_wal_checkpoint_v2(db_.get(), "main", SQLITE_CHECKPOINT_PASSIVE, pages, copied);
  return code == SQLITE_OK ? SqlStatus() : SqlStatus(code, sqlite3_errmsg(db_.get()));
}

// PERSISTENT: it lives as long as the connection mostly, and shall not use up the lookaside memory
// that short allocations are meant to have.
Result<Statement> Connection::Prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  if (code != SQLITE_OK) {
    const int offset = sqlite3_error_offset(db_.get());
    const char* message = sqlite3_errmsg(db_.get());
    return Error{offset < 0 ? message : AtPlace(message, sql, static_cast<std::size_t>(offset))};
  }
  if (raw == nullptr) {
    return Error{"there is no statement in it"};
  }
  Statement statement(raw);
  const std::size_t rest = SkipBlank(sql, static_cast<std::size_t>(tail - sql.data()));
  if (rest < sql.size()) {
    return Error{AtPlace("one statement is allowed, more text follows", sql, rest)};
  }
  return statement;
}

// Not sqlite3_exec, which does not tell where in the script it failed.
SqlStatus Connection::Execute(const std::string& script) {
  const auto failure = [&script](const SqlStatus& status, std::size_t offset) {
    return status.busy() ? status
                         : SqlStatus(status.code(), AtPlace(status.message(), script, offset));
  };
  std::size_t at = SkipBlank(script, 0);
  while (at < script.size()) {
    const char* const text = script.c_str() + at;
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    if (sqlite3_prepare_v3(db_.get(), text, -1, 0, &raw, &tail) != SQLITE_OK) {
      const int offset = std::max(sqlite3_error_offset(db_.get()), 0);
      return failure(last_status(), at + static_cast<std::size_t>(offset));
    }
    if (raw == nullptr) {
      return failure({SQLITE_ERROR, "the script has a NUL byte"}, at);
    }
    Statement statement(raw);
    StepResult result = StepResult::kRow;
    while (result == StepResult::kRow) {
      result = statement.Step();
    }
    if (result == StepResult::kFailed) {
      return failure(statement.status(), at);
    }
    at = SkipBlank(script, at + static_cast<std::size_t>(tail - text));
  }
  return {};
}

SqlStatus Connection::ExecuteUndefended(const std::string& script) {
  SetOption(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 0);
  SqlStatus status = Execute(script);
  SetOption(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1);
  return status;
}

SqlStatus Connection::ExecuteSchema(const std::string& script) {
  const SchemaGuard guard(db_.get());
  const SqlStatus status = Execute(script);
  return {status.code(), guard.Explain(status.message())};
}

std::string Connection::SilentViewOf(const Statement& statement) {
  return FindSilentView(db_.get(), statement);
}

bool Connection::AsksMe(const Statement& statement) {
  return AsksItsConnection(db_.get(), statement);
}

bool Connection::HasTempDirectory() const {
  char* name = nullptr;
  const int code = sqlite3_file_control(db_.get(), "main", SQLITE_FCNTL_TEMPFILENAME, &name);
  // A database in memory has nobody to ask.
  const bool found = code != SQLITE_OK || (name != nullptr && *name != '\0');
  sqlite3_free(name);
  return found;
}

void Connection::ReleaseMemory() {
  sqlite3_db_release_memory(db_.get());
}

bool Connection::write_ahead() {
  auto query = Prepare("PRAGMA journal_mode");
  return query && query->Step() == StepResult::kRow && query->column(0).Text() == "wal";
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(db_.get());
}

std::int64_t Connection::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(db_.get());
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(db_.get()) == 0;
}

bool Connection::read_only() const {
  return sqlite3_db_readonly(db_.get(), "main") == 1;
}

std::string_view Connection::path() const {
  const char* path = sqlite3_db_filename(db_.get(), "main");
  return path == nullptr ? "" : path;
}

SqlStatus Connection::last_status() const {
  return SqlStatus::LastOf(db_.get());
}

bool Connection::breaks_deferred_foreign_keys() const {
  int current = 0;
  int highest = 0;
  // The only way to ask before COMMIT does: 0 if and only if no constraint is left unresolved.
  sqlite3_db_status(db_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0);
  return current != 0;
}

}  // namespace sqlicorn
