// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <set>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace sqlicorn {

// The processes that have a database in WAL mode open, by the locks that SQLite holds for as long
// as they do: on the database, and on the index of its log (`-shm`).
struct LockHolders {
  std::set<pid_t> database;
  std::set<pid_t> exclusive;  // of these, who lets nobody else in and needs no index
  std::set<pid_t> index;
};

// What a lock is on, as in /proc/locks: "fe:00:1234".
[[nodiscard]] std::string LockPlaceOf(const std::string& path);

// Reads `locks`, the text of /proc/locks. What belongs to processes that are not seen from here, as
// from within a container, is left out.
[[nodiscard]] LockHolders ReadLockHolders(std::string_view locks, std::string_view database,
                                          std::string_view index);

// Somebody has the database at `path` open with the log that is there, and nobody that log alone.
[[nodiscard]] bool IsLogInUse(const std::string& path);

// Whether a process that opens `path` would share its log with all who have it open. Not so when
// somebody removed or replaced the log or the database under them, be it another server or a shell:
// what one of them commits the other would not see, and the last to close overwrites. Waits up to
// half a second for those who are about to open or close it. Opens and closes the database, as
// CheckDatabaseFile does.
[[nodiscard]] Status CheckSharedLog(const std::string& path);

}  // namespace sqlicorn
