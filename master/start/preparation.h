// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/exit_code.h"
#include "common/config/server_config.h"
#include "master/process/events.h"
#include "master/process/identity.h"
#include "worker/run_migration.h"

namespace sqlicorn {

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
