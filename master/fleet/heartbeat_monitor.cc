// SPDX-License-Identifier: MIT
#include "master/fleet/heartbeat_monitor.h"

#include <algorithm>

namespace sqlicorn {
namespace {

// Time for the handler of SIGABRT to say what the worker was at. Without it whatever wakes the
// master next, a new worker that is ready for one, would cut that off.
constexpr Duration kAbort = std::chrono::seconds(1);
// The same where the worker was told to go and had its time to say so.
constexpr Duration kLastWords = std::chrono::milliseconds(200);

}  // namespace

std::vector<OverdueWorker> FindOverdueWorkers(TimePoint now, WorkerTable& table) {
  std::vector<OverdueWorker> overdue;
  for (WorkerRecord& worker : table.workers()) {
    const bool silent = worker.force == Force::kNone && worker.pulse.Lost(now);
    if (!silent && now < worker.kill_at) {
      continue;
    }
    overdue.push_back({worker.pid, silent, worker.force == Force::kNone});
    if (worker.force == Force::kNone) {
      worker.force = Force::kAborted;
      worker.end_cause = silent ? EndCause::kHeartbeat : EndCause::kGraceful;
      worker.kill_at = now + (silent ? kAbort : kLastWords);
    } else {
      worker.force = Force::kKilled;
      worker.kill_at = TimePoint::max();
    }
  }
  return overdue;
}

TimePoint NextOverdue(const WorkerTable& table) {
  TimePoint next = TimePoint::max();
  for (const WorkerRecord& worker : table.workers()) {
    const TimePoint silent =
        worker.force == Force::kNone ? worker.pulse.next_deadline() : TimePoint::max();
    next = std::min({next, silent, worker.kill_at});
  }
  return next;
}

}  // namespace sqlicorn
