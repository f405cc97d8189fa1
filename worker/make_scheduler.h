// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "common/uv/loop.h"
#include "worker/plan/plan_set.h"
#include "worker/run_worker.h"
#include "worker/sqlite/connection.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// The scheduler the configuration names; retry where a queue is wanted and could not be had.
[[nodiscard]] std::unique_ptr<Scheduler> MakeScheduler(const WorkerContext& context, Loop& loop,
                                                       Connection& connection, PlanSet& plans);

}  // namespace sqlicorn
