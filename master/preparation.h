// SPDX-License-Identifier: MIT
#pragma once

#include "common/config/server_config.h"
#include "master/signal_queue.h"
#include "worker/run_migration.h"

namespace sqlicorn {

enum class Preparation {
  kDone,
  kFailed,       // the child has said why on stderr
  kInterrupted,  // TERM, INT or QUIT came meanwhile; the child is gone
};

// Creates or checks the database in a short-lived child, because the master never opens it. Returns
// when the child has ended.
[[nodiscard]] Preparation PrepareDatabase(const ServerConfig& config, MigrationMode mode,
                                          SignalQueue& signals);

}  // namespace sqlicorn
