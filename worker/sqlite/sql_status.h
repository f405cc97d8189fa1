// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

struct sqlite3;

namespace sqlicorn {

// The outcome of one SQLite call: a value to branch on, never an exception. Success allocates
// nothing.
class SqlStatus {
 public:
  SqlStatus() = default;

  SqlStatus(int code, std::string message) : code_(code), message_(std::move(message)) {}

  // What `db` says about its most recent failed call.
  [[nodiscard]] static SqlStatus LastOf(sqlite3* db);

  // For a statement that `message`, of SQLite or of ours, says cannot be prepared any more.
  [[nodiscard]] static SqlStatus Outdated(const std::string& message);

  // A value of another kind than is needed, told as SQLite tells its own: SQLITE_MISMATCH.
  [[nodiscard]] static SqlStatus Mismatch(std::string message);

  // A limit of ours, told as SQLite tells its own: SQLITE_TOOBIG.
  [[nodiscard]] static SqlStatus TooBig(std::string message);

  [[nodiscard]] bool ok() const { return code_ == 0; }

  // Another connection holds the lock: SQLITE_BUSY and its extended codes, and SQLITE_PROTOCOL, the
  // race for a place among a WAL's readers lost many times over. SQLITE_LOCKED, a conflict within
  // one connection, is not among them.
  [[nodiscard]] bool busy() const;

  [[nodiscard]] bool constraint() const;

  // The medium is at fault, not the request: disk full, I/O error, read-only, corrupt, not
  // openable.
  [[nodiscard]] bool storage() const;

  // An I/O error after which nobody knows what is on the disk or which locks are held: not to be
  // answered by trying again on the same connection. Failed reads and writes are not among them,
  // SQLite undoes what they were part of.
  [[nodiscard]] bool leaves_doubt() const;

  // Somebody has ended it: Connection::OnProgress.
  [[nodiscard]] bool interrupted() const;

  // That somebody has, and why.
  [[nodiscard]] static SqlStatus Interrupted(std::string why);

  // The schema has changed and the statement does not prepare any more.
  [[nodiscard]] bool outdated() const;

  // Raised while a prepared statement ran, by what it was given: SQL of ours that is wrong does not
  // prepare. A MATCH that is no query, text that is no JSON, a pattern, sum or value too large.
  [[nodiscard]] bool refuses_value() const;

  // Not by chance, as a lock or a full disk: the same SQL fails again until it, or the schema it is
  // meant for, is changed.
  [[nodiscard]] bool stays() const;

  // The extended result code.
  [[nodiscard]] int code() const { return code_; }

  // "SQLITE_BUSY_SNAPSHOT". An extended code newer than we know has the name of its primary code.
  [[nodiscard]] std::string_view name() const;

  // SQLite's own words, such as "database is locked"; empty when ok.
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  int code_ = 0;
  std::string message_;
};

}  // namespace sqlicorn
