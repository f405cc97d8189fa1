// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "common/base/result.h"
#include "worker/sqlite/sql_status.h"

namespace sqlicorn {

// The files that make up a database, as FileKeyOf has them; 0 = it is not there, or not known.
struct DatabaseFiles {
  std::uint64_t database = 0;
  std::uint64_t wal = 0;
  std::uint64_t shm = 0;

  friend bool operator==(const DatabaseFiles&, const DatabaseFiles&) = default;
};

[[nodiscard]] DatabaseFiles FilesAt(const std::string& path);

// Whether a process may open what stands at `path` beside those that have it `open`: all who write
// to a database must share one log and one index of it, and a log belongs to one database.
// `expected` is the database that is served, 0 = any.
[[nodiscard]] Status JudgeFiles(const std::string& path, const DatabaseFiles& here,
                                std::uint64_t expected, std::span<const DatabaseFiles> open);

// What to say of a log that belongs to a file that stood at `path` before.
[[nodiscard]] Error ForeignLog(const std::string& path);

// Writes down whose the log of the database at `path` is, in an extended attribute of the log, for
// a start after both have been ended by force and the database has been replaced.
void MarkLog(const std::string& path);

// What the mark of the log at `path` says: nothing where there is none, or it is of another log.
enum class MarkedLog { kUnknown, kOurs, kForeign };
[[nodiscard]] MarkedLog JudgeMark(const std::string& path);

// An error when there is something in the log at `path` and its mark is that of another file.
[[nodiscard]] Status CheckLogIsOurs(const std::string& path);

// Whether the files that a connection has open are still those at its path. SQLite asks that in
// rollback journal modes only, and of the database alone; it would go on writing where nobody else
// looks.
class DatabasePlace {
 public:
  // Takes what stands at `path` ("" = no file) for what has been opened there.
  void Remember(const std::string& path);

  // Looks again; SQLITE_READONLY_DBMOVED when something else is there, or nothing.
  const SqlStatus& Look();

  // What the last look found.
  [[nodiscard]] const SqlStatus& last() const { return last_; }

  // The database is where it was and its log is not: nobody but those who have it open can still
  // put what is in it into the database.
  [[nodiscard]] bool lost_log() const;

  [[nodiscard]] const DatabaseFiles& files() const { return files_; }

 private:
  [[nodiscard]] SqlStatus Judge() const;

  std::string path_;
  std::string wal_;
  std::string shm_;
  DatabaseFiles files_;
  SqlStatus last_;
};

}  // namespace sqlicorn
