// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <vector>

#include "common/base/clock.h"
#include "master/fleet/worker_table.h"

namespace sqlicorn {

// All instants here are the master's own time (OwnClock). Nothing here sends or sleeps.

// A worker whose time is over.
struct OverdueWorker {
  pid_t pid;
  bool silent;  // it has just been found silent for too long
  // true: abort it (SIGABRT), so that it names the request it is at; false: it had its time for
  // that, kill it (SIGKILL).
  bool abort;
};

// Finds the workers that have been silent for too long or were told to go and have not gone, and
// marks them in the table.
[[nodiscard]] std::vector<OverdueWorker> FindOverdueWorkers(TimePoint now, WorkerTable& table);

// When the next one can be overdue; TimePoint::max() when none will be.
[[nodiscard]] TimePoint NextOverdue(const WorkerTable& table);

}  // namespace sqlicorn
