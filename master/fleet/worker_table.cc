// SPDX-License-Identifier: MIT
#include "master/fleet/worker_table.h"

#include <algorithm>

#include "common/base/check.h"

namespace sqlicorn {

// Shared memory may hold anything: what is no answer is none.
void WorkerRecord::Observe(const WorkerSlot& said, const OwnClock& clock) {
  pulse.Hear(said.beat_us, clock);
  if (!ready && said.ready == 1) {
    ready = true;
    ready_at = clock.real_now();
  }
  recycling = recycling || said.recycling == 1;
}

std::optional<std::size_t> WorkerTable::FreeSlot() const {
  const auto free = std::find(slot_used_.begin(), slot_used_.end(), false);
  if (free == slot_used_.end()) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(free - slot_used_.begin());
}

void WorkerTable::Add(const WorkerRecord& worker) {
  CHECK(!slot_used_.at(worker.slot));
  slot_used_[worker.slot] = true;
  workers_.push_back(worker);
  workers_.back().ordinal = ++last_ordinal_;
}

std::optional<WorkerRecord> WorkerTable::Remove(pid_t pid) {
  const auto found = std::find_if(workers_.begin(), workers_.end(),
                                  [&](const WorkerRecord& w) { return w.pid == pid; });
  if (found == workers_.end()) {
    return std::nullopt;
  }
  const WorkerRecord removed = *found;
  workers_.erase(found);
  slot_used_[removed.slot] = false;
  return removed;
}

}  // namespace sqlicorn
