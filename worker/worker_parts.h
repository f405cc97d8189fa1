// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/uv/loop.h"
#include "worker/plan/plan_set.h"
#include "worker/run_worker.h"
#include "worker/slice/long_reads.h"
#include "worker/sqlite/connection.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// What a worker is made of, as its configuration says.

// An error when there are fewer descriptors left than the loop and its signals need: libuv aborts
// the process then.
[[nodiscard]] Status CheckDescriptors();

// How many requests this worker serves before it asks for a successor: max_requests and a part of
// its jitter, drawn anew for each worker.
[[nodiscard]] std::uint64_t DrawRequestLimit(const ServerSettings& settings);

// The scheduler the configuration names, retry where a queue is wanted and could not be had, behind
// the one that gathers reads.
[[nodiscard]] std::unique_ptr<Scheduler> MakeScheduler(const WorkerContext& context, Loop& loop,
                                                       Connection& connection, PlanSet& plans);

// What decides whether a read may be left in the middle while others write.
struct SliceFacts {
  SchedulerKind scheduler = SchedulerKind::kGroup;
  bool queued = true;         // it has its line of all workers; else it is retry
  bool exclusive = false;     // one connection has the file for itself
  bool commits_wait = false;  // for those who read: a rollback journal, and it is written
  bool autocommits = false;   // a plan writes whose statements commit one by one in its turn
};

// With a write-ahead log no writer waits for a reader. Else COMMIT does, and only one that keeps
// its pending lock from attempt to attempt lets no new reader in: whoever begins anew each time
// would starve behind reads that overlap, and whoever waits inside SQLite waits for a reader of its
// own worker, which cannot go on meanwhile.
[[nodiscard]] bool MaySliceReads(const SliceFacts& facts);

// Null where reads are not sliced: the settings do not want it, a second connection or stack cannot
// be had, or writes would not come through (MaySliceReads).
[[nodiscard]] std::unique_ptr<LongReads> MakeLongReads(const WorkerContext& context, Loop& loop,
                                                       Connection& connection, PlanSet& plans);

// For whoever asks the master.
void Publish(const LongReads::Tally& tally, WorkerCounters& counters);

}  // namespace sqlicorn
