// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/process.h"
#include "common/base/result.h"
#include "common/config/server_config.h"
#include "master/process/events.h"
#include "master/process/identity.h"
#include "worker/run_migration.h"

namespace sqlicorn {

// Tries out what SQLite relies on, with a second process and a scratch file in the directory of the
// database at `path`: that a lock one process holds is refused to another, and free again when its
// holder has died. Some network and user-space file systems grant every lock, and then processes
// that write at a time destroy the database without a word. The database file itself is not
// opened. Nothing is said about a directory where no file can be made: preparing the database
// explains that better.
// Forks: REQUIRES a short-lived child of the master with one thread.
[[nodiscard]] Status ProbeFileLocks(const std::string& path);

enum class Preparation {
  kDone,
  kFailed,       // the child has said why on stderr, or in the log
  kWrong,        // likewise, and it is wrong until the configuration or the schema changes
  kInterrupted,  // TERM, INT or QUIT came meanwhile; the child is gone
};

// The body of a preparing child: tries the locks of the file system, then RunMigration.
[[nodiscard]] Status RunPreparation(const ServerConfig& config, MigrationMode mode,
                                    const FormerFiles& former = {});

// Creates or checks the database in a short-lived child, because the master never opens it and its
// files must belong to who the workers are. Returns when the child has ended.
[[nodiscard]] Preparation PrepareDatabase(const ServerConfig& config, MigrationMode mode,
                                          SignalQueue& signals, const Identity& identity = {});

}  // namespace sqlicorn
