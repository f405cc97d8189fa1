// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "common/ipc/scoreboard.h"
#include "master/worker_table.h"

namespace sqlicorn {

// What is to be done about one silent worker.
struct HeartbeatVerdict {
  pid_t pid;
  // true: abort it (SIGABRT); false: a second later it has not gone, kill it (SIGKILL).
  bool first;
};

// Finds the workers whose deadline in the scoreboard has passed, marks them in the table, and says
// how long the master may sleep. Reads shared memory, sends nothing.
class HeartbeatMonitor {
 public:
  explicit HeartbeatMonitor(std::span<const WorkerSlot> slots) : slots_(slots) {}

  [[nodiscard]] std::vector<HeartbeatVerdict> Check(std::int64_t now_us, WorkerTable& table) const;

  // Microseconds (CLOCK_MONOTONIC) of the earliest deadline; 0 when nobody is watched.
  [[nodiscard]] std::int64_t NextDeadlineUs(const WorkerTable& table) const;

 private:
  std::span<const WorkerSlot> slots_;
};

}  // namespace sqlicorn
