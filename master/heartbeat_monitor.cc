// SPDX-License-Identifier: MIT
#include "master/heartbeat_monitor.h"

namespace sqlicorn {

std::vector<HeartbeatVerdict> HeartbeatMonitor::Check(std::int64_t now_us,
                                                      WorkerTable& table) const {
  std::vector<HeartbeatVerdict> verdicts;
  for (WorkerRecord& worker : table.workers()) {
    const std::int64_t deadline = slots_[worker.slot].deadline_us;
    if (deadline == 0 || now_us <= deadline) {
      continue;
    }
    verdicts.push_back({worker.pid, worker.end_cause != EndCause::kHeartbeat});
    worker.end_cause = EndCause::kHeartbeat;
  }
  return verdicts;
}

std::int64_t HeartbeatMonitor::NextDeadlineUs(const WorkerTable& table) const {
  std::int64_t next = 0;
  for (const WorkerRecord& worker : table.workers()) {
    const std::int64_t deadline = slots_[worker.slot].deadline_us;
    if (deadline != 0 && (next == 0 || deadline < next)) {
      next = deadline;
    }
  }
  return next;
}

}  // namespace sqlicorn
