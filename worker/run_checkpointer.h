// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/base/process.h"
#include "common/config/server_config.h"
#include "common/ipc/doorbell.h"
#include "common/ipc/scoreboard.h"
#include "worker/open_database.h"

namespace sqlicorn {

// Whether a checkpointer serves this configuration with this version of SQLite (CheckpointPolicy).
[[nodiscard]] bool WantsCheckpointer(const DatabaseSettings& settings);

// What the master hands to the checkpointer across the fork. All of it outlives the process.
struct CheckpointerContext {
  const ServerConfig& config;
  std::vector<int> listeners;  // closed at once
  WorkerSlot& slot;            // for its heartbeat
  ServedFiles served;
  const Doorbell& bell;  // rung by workers whose commit has made the log too long
};

// The life of the checkpointer, in a freshly forked process: copies the write-ahead log into the
// database whenever a worker rings, so that no commit has to. On TERM it closes the database; what
// is left of the log goes then when no other process has it open. kError after a failure of the
// disk, to be started again.
[[nodiscard]] ExitCode RunCheckpointer(const CheckpointerContext& context);

// Opens and closes the database when no worker has it open any more, in a freshly forked process.
// The last to close copies the write-ahead log and removes it, which two workers that close at the
// same instant leave to each other.
[[nodiscard]] ExitCode RunLastClose(const ServerConfig& config, const ServedFiles& served);

}  // namespace sqlicorn
