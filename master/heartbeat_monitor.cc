// SPDX-License-Identifier: MIT
#include "master/heartbeat_monitor.h"

namespace sqlicorn {
namespace {

// Time for the handler of SIGABRT to say what the worker was at. Without it whatever wakes the
// master next, a new worker that is ready for one, would cut that off.
constexpr std::int64_t kAbortUs = 1'000'000;

}  // namespace

std::vector<HeartbeatVerdict> HeartbeatMonitor::Check(std::int64_t now_us,
                                                      WorkerTable& table) const {
  std::vector<HeartbeatVerdict> verdicts;
  for (WorkerRecord& worker : table.workers()) {
    const std::int64_t deadline = slots_[worker.slot].deadline_us;
    const bool aborted = worker.end_cause == EndCause::kHeartbeat;
    if (deadline == 0 || now_us <= (aborted ? worker.abort_over_us : deadline)) {
      continue;
    }
    verdicts.push_back({worker.pid, !aborted});
    if (!aborted) {
      worker.end_cause = EndCause::kHeartbeat;
      worker.abort_over_us = now_us + kAbortUs;
    }
  }
  return verdicts;
}

std::int64_t HeartbeatMonitor::NextDeadlineUs(const WorkerTable& table) const {
  std::int64_t next = 0;
  for (const WorkerRecord& worker : table.workers()) {
    const bool aborted = worker.end_cause == EndCause::kHeartbeat;
    const std::int64_t deadline =
        aborted ? worker.abort_over_us : slots_[worker.slot].deadline_us.load();
    if (deadline != 0 && (next == 0 || deadline < next)) {
      next = deadline;
    }
  }
  return next;
}

}  // namespace sqlicorn
