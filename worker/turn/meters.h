// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "common/ipc/worker_counters.h"
#include "worker/sqlite/sql_status.h"

namespace sqlicorn {

// Counts the write turns of a worker. Reads no clock: instants are MonotonicUs, told by the caller.
class TurnMeter {
 public:
  // `counters` outlives the meter.
  explicit TurnMeter(WorkerCounters& counters) : counters_(counters) {}

  void Begin(std::int64_t now_us);

  // The turn has met a lock held outside the queue; only the first time in a turn matters.
  void MeetForeignLock(std::int64_t now_us);

  // A transaction of so many requests has ended.
  void EndBatch(std::size_t requests) { counters_.batch.Record(requests); }

  void End(std::int64_t now_us);

 private:
  WorkerCounters& counters_;
  std::int64_t since_us_ = 0;
  std::int64_t foreign_since_us_ = 0;  // 0 = no foreign lock in this turn
};

// A request was refused or failed for another reason than a lock: counts it by cause.
void CountFailure(const SqlStatus& status,
                  std::array<std::atomic<std::uint64_t>, kFailureCauses>& counters);

// SQLite has said that the database is locked: counts it by cause. REQUIRES: status.busy().
void CountLocked(const SqlStatus& status, LockCounters& counters);

}  // namespace sqlicorn
