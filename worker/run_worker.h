// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "common/base/process.h"
#include "common/config/server_config.h"
#include "common/ipc/doorbell.h"
#include "common/ipc/scoreboard.h"
#include "common/ipc/shared_write_queue.h"
#include "worker/open_database.h"

namespace sqlicorn {

// What the master hands to a worker across the fork. All of it outlives the worker.
struct WorkerContext {
  const ServerConfig& config;
  std::vector<int> listeners;               // shared with the other workers, not owned
  std::span<WorkerSlot> slots;              // the whole scoreboard
  std::size_t slot;                         // ours
  CounterSheet counters;                    // ours too
  std::vector<std::size_t> counter_rows;    // in it, of the endpoints of the configuration
  const SharedWriteQueue* queue = nullptr;  // where writes queue, else null
  // Rung when the write-ahead log has grown, else null: each worker makes its own checkpoints.
  const Doorbell* checkpointer = nullptr;
  // A worker of this configuration has served, so every statement did prepare: those that do not by
  // now fail their endpoints only.
  bool has_served = false;
  ServedFiles served = {};
  // Called when the slot says something the master waits for: that we are ready, or recycling.
  std::function<void()> on_news = [] {};
};

// The life of one worker, in a freshly forked process: opens the database, serves until TERM, INT
// or QUIT, cleans up. kWorkerBoot when it could not start; the log says why.
[[nodiscard]] ExitCode RunWorker(const WorkerContext& context);

}  // namespace sqlicorn
