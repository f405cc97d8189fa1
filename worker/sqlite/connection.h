// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "worker/sqlite/database_place.h"
#include "worker/sqlite/sql_status.h"
#include "worker/sqlite/statement.h"

struct sqlite3;

namespace sqlicorn {

enum class OpenMode {
  kReadWrite,  // the file must exist
  kCreate,
  kReadOnly,   // the file is not written; its -shm may be, where it has a write-ahead log
  kImmutable,  // nor locked: for media that cannot change
};

// Ends the message about a database that cannot be written.
inline constexpr std::string_view kReadOnlyHint =
    "; where every endpoint only reads, database.access = \"read-only\" serves it (\"immutable\" "
    "on "
    "media that cannot change)";

// What a statement does that finds the database locked. SQLite itself never waits where waiting
// cannot help: a read transaction that wants to write fails at once with any of these.
enum class BusyWait {
  kNone,      // fails at once
  kBackoff,   // SQLite's own handler: sleeps growing to 100 ms
  kConstant,  // tries again at once, then every millisecond
};

// A database connection and the only owner of its handle. Used by one thread of the process that
// opened it; opened after the fork, never carried across one. All its Statements are destroyed
// before it. Double-quoted strings are errors, and the schema is not trusted where SQLite's own
// full-text and R-tree tables can be used in triggers and views all the same (from 3.44 on).
class Connection {
 public:
  // The error names the path and the reason. A file that can only be read is an error
  // unless that is all that `mode` asks for.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> Open(const std::string& path,
                                                                OpenMode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A new connection has kNone: call this before anything that reads the file.
  void SetBusyWait(BusyWait wait, Duration timeout);

  // In place of that: `wait` is asked when another connection has the lock, with the number of
  // times it was asked for that lock before, and has waited when it is true that SQLite shall try
  // again.
  void WaitBy(std::function<bool(int calls_before)> wait);

  // Asked every few hundred instructions of a statement, and where it returns a row or ends: true
  // ends it, as SqlStatus::interrupted. It must leave this connection alone. What SQLite does in
  // one instruction (a sort in memory, the count of a whole table, a function) asks nobody.
  // A statement that commits by itself may have done so when its last instruction is interrupted.
  void OnProgress(std::function<bool()> interrupt);

  // Drops what it keeps of the database for the next statement.
  void ReleaseMemory();

  // The database has a write-ahead log, so that readers and writers do not wait for each other.
  [[nodiscard]] bool write_ahead();

  // The timeout in force; 0 for kNone.
  [[nodiscard]] Duration busy_timeout() const { return timeout_; }

  // The last connection of a file copies the WAL back when it closes, under an exclusive lock that
  // an opener meets as SQLITE_BUSY; this one will not.
  void SkipCheckpointOnClose();

  // After each commit, from within it, `grown` hears how many pages the write-ahead log has. SQLite
  // makes no checkpoint by itself any more; `grown` may.
  void OnWalGrowth(std::function<void(int pages)> grown);

  // Copies as much of the write-ahead log into the database as no reader still needs, and waits
  // for nobody. Busy when another connection is at it. `pages`, unless null, is then the length of
  // the log, -1 when there is none, and `copied` what of it is in the database.
  [[nodiscard]] SqlStatus Checkpoint(int* pages, int* copied = nullptr);

  // Exactly one statement. The error is SQLite's message and, where SQLite knows it, the place:
  // "no such column: nope (at 1:8 of the SQL)".
  [[nodiscard]] Result<Statement> Prepare(std::string_view sql);

  // FindSilentView. Makes SQLite compile the statements of this connection anew.
  [[nodiscard]] std::string SilentViewOf(const Statement& statement);

  // AsksItsConnection. Makes SQLite compile the statements of this connection anew.
  [[nodiscard]] bool AsksMe(const Statement& statement);

  // Changes with every change of the schema, by whomever; -1 when it cannot be read now.
  [[nodiscard]] std::int64_t SchemaVersion();

  // Takes "text" for text where no column has that name, as SQLite does by itself, for databases
  // whose triggers and views were written so.
  void AllowDoubleQuotedText();

  // Runs every statement of a script and drops the rows. Stops at the first failure, whose message
  // ends in the place within the script unless it is busy; a transaction the script had begun stays
  // open then.
  [[nodiscard]] SqlStatus Execute(const std::string& script);

  // Execute for SQL of our own: SQLite's defensive mode, which every Connection is in, refuses
  // journal_mode = off.
  [[nodiscard]] SqlStatus ExecuteUndefended(const std::string& script);

  // Execute for a script of the user, within a transaction that it cannot leave: SchemaGuard.
  [[nodiscard]] SqlStatus ExecuteSchema(const std::string& script);

  // SQLite finds a directory for the files it needs beside the database, to sort in or to undo.
  [[nodiscard]] bool HasTempDirectory() const;

  // After BEGIN and before its end; a failed statement may have ended it (disk full, OR ROLLBACK).
  [[nodiscard]] bool in_transaction() const;

  // Opened so that it cannot be written.
  [[nodiscard]] bool read_only() const;

  // Absolute; "" in memory.
  [[nodiscard]] std::string_view path() const;

  // Where its files are, as found when it was opened, or at the last Remember: a database with a
  // write-ahead log opens that when it is first read.
  [[nodiscard]] DatabasePlace& place() { return place_; }

  [[nodiscard]] const DatabasePlace& place() const { return place_; }

  // Rows that the last statement that wrote has changed, without those of its triggers.
  [[nodiscard]] std::int64_t changes() const;
  // Of the last row that was inserted.
  [[nodiscard]] std::int64_t last_insert_rowid() const;

  // Of the most recent call on this connection.
  [[nodiscard]] SqlStatus last_status() const;

  // Some row breaks a deferred foreign key: COMMIT would fail.
  [[nodiscard]] bool breaks_deferred_foreign_keys() const;

 private:
  struct Closer {
    void operator()(sqlite3* db) const noexcept;
  };

  explicit Connection(sqlite3* db);

  Status Configure(OpenMode mode);
  static int OnBusy(void* self, int calls_before) noexcept;
  bool WaitOnce(int calls_before);
  static int OnWal(void* self, sqlite3* db, const char* schema, int pages) noexcept;

  std::function<void(int)> wal_grown_;  // these outlive the handle
  std::function<bool(int)> wait_;
  std::function<bool()> interrupt_;
  std::unique_ptr<sqlite3, Closer> db_;
  DatabasePlace place_;
  Duration timeout_{};
  TimePoint deadline_;  // of the wait in progress, kConstant only
};

}  // namespace sqlicorn
