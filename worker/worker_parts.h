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

// Null where reads are not sliced: the settings do not want it, a second connection or stack cannot
// be had, or a wait for a lock inside SQLite would wait for a read that cannot go on meanwhile.
[[nodiscard]] std::unique_ptr<LongReads> MakeLongReads(const WorkerContext& context, Loop& loop,
                                                       Connection& connection);

}  // namespace sqlicorn
