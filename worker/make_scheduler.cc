// SPDX-License-Identifier: MIT
#include "worker/make_scheduler.h"

#include "worker/turn/queue_scheduler.h"
#include "worker/turn/retry_scheduler.h"

namespace sqlicorn {
namespace {

QueueScheduler::Options QueueOptions(const DatabaseSettings& settings, std::size_t self) {
  const bool group = settings.scheduler == SchedulerKind::kGroup;
  const bool own = settings.write_queue_timeout > 0;
  return {.self = self,
          .max_batch = group ? static_cast<std::size_t>(settings.max_batch) : 1,
          .max_hold = settings.max_hold,
          .patience = FromSeconds(settings.timeout),
          .queue_timeout = FromSeconds(own ? settings.write_queue_timeout : settings.timeout),
          .max_pending = static_cast<std::size_t>(settings.max_pending_writes),
          .queue_timeout_setting = own ? "database.write_queue_timeout" : "database.timeout"};
}

}  // namespace

std::unique_ptr<Scheduler> MakeScheduler(const WorkerContext& context, Loop& loop,
                                         Connection& connection, PlanSet& plans) {
  const DatabaseSettings& settings = context.config.database;
  switch (settings.scheduler) {
    case SchedulerKind::kNone:
    case SchedulerKind::kBusy:
    case SchedulerKind::kConstant:
      return std::make_unique<DirectScheduler>();
    case SchedulerKind::kFifo:
    case SchedulerKind::kGroup:
      if (context.queue != nullptr) {
        return std::make_unique<QueueScheduler>(
            QueueScheduler::Parts{loop, *context.queue, connection, plans.transactions(),
                                  context.counters.worker},
            QueueOptions(settings, context.slot));
      }
      break;
    case SchedulerKind::kRetry:
      break;
  }
  return std::make_unique<RetryScheduler>(loop, FromSeconds(settings.timeout));
}

}  // namespace sqlicorn
