// SPDX-License-Identifier: MIT
#include "master/fleet/worker_table.h"

#include <algorithm>

#include "common/base/result.h"

namespace sqlicorn {
namespace {

// Time for the handler of SIGABRT to say what the worker was at. Without it whatever wakes the
// master next, a new worker that is ready for one, would cut that off.
constexpr Duration kAbort = std::chrono::seconds(1);
// The same where the worker was told to go and had its time to say so.
constexpr Duration kLastWords = std::chrono::milliseconds(200);

}  // namespace

// Shared memory may hold anything: what is no answer is none.
void WorkerRecord::Observe(const WorkerSlot& said, const OwnClock& clock) {
  pulse.Hear(said.beat_us, clock);
  if (!ready && said.ready == 1) {
    ready = true;
    ready_at = clock.real_now();
  }
  recycling = recycling || said.recycling == 1;
}

// One of a newer generation is left over where a reload went back.
EndCause WorkerRecord::WhyNotWanted(std::uint64_t serving) const {
  if (generation != serving) {
    return generation < serving ? EndCause::kReload : EndCause::kGivenUp;
  }
  return recycling ? EndCause::kRecycled : EndCause::kSurplus;
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

// The one place where force grows, a step at a time, so that each worker gets ABRT once and KILL
// once whatever wakes the master in between. After KILL there is nothing left to do but to wait: it
// cannot be ignored, and the pid is not used again before it is reaped.
std::vector<OverdueWorker> FindOverdueWorkers(TimePoint now, WorkerTable& table) {
  std::vector<OverdueWorker> overdue;
  for (WorkerRecord& worker : table.workers()) {
    // Once it is aborted its silence is no news.
    const bool silent = worker.force == Force::kNone && worker.pulse.Lost(now);
    if (!silent && now < worker.kill_at) {
      continue;
    }
    using Step = OverdueWorker::Step;
    if (worker.force == Force::kNone) {
      overdue.push_back({worker.pid, silent ? Step::kAbortSilent : Step::kAbortLate});
      worker.force = Force::kAborted;
      worker.end_cause = silent ? EndCause::kHeartbeat : EndCause::kGraceful;
      worker.kill_at = now + (silent ? kAbort : kLastWords);
    } else {
      overdue.push_back({worker.pid, Step::kKill});
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
