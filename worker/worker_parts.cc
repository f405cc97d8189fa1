// SPDX-License-Identifier: MIT
#include "worker/worker_parts.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <random>
#include <vector>

#include "common/base/log.h"
#include "common/base/unique_fd.h"
#include "worker/open_database.h"
#include "worker/sqlite/connection.h"
#include "worker/turn/queue_scheduler.h"
#include "worker/turn/retry_scheduler.h"
#include "worker/turn/snapshot_scheduler.h"

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

std::unique_ptr<Scheduler> SchedulerOf(const WorkerContext& context, Loop& loop,
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

bool IsExclusive(const DatabaseSettings& settings) {
  return std::any_of(settings.pragmas.begin(), settings.pragmas.end(),
                     [](const PragmaSpec& pragma) {
                       return pragma.name == "locking_mode" && pragma.value == "exclusive";
                     });
}

// Without a transaction of its own, and with nobody whose transaction it would share.
bool AnyAutocommits(const ServerConfig& config, PlanSet& plans) {
  const bool batches =
      config.database.scheduler == SchedulerKind::kGroup && config.database.max_batch > 1;
  bool any = false;
  for (std::size_t i = 0; i < config.endpoints.size(); ++i) {
    const SqlPlan& plan = plans.plan(i);
    const bool alone = !batches || config.endpoints[i].isolated;
    any = any || ((plan.writes() || plan.unprepared()) && plan.autocommits() && alone);
  }
  return any;
}

SliceFacts SliceFactsOf(const WorkerContext& context, Connection& connection, PlanSet& plans) {
  const DatabaseSettings& settings = context.config.database;
  const bool written = settings.access == DatabaseAccess::kReadWrite;
  return {.scheduler = settings.scheduler,
          .queued = context.queue != nullptr,
          .exclusive = IsExclusive(settings),
          .commits_wait = written && !connection.write_ahead(),
          .autocommits = AnyAutocommits(context.config, plans)};
}

}  // namespace

bool MaySliceReads(const SliceFacts& facts) {
  const bool keeps_its_lock = Queues(facts.scheduler) && facts.queued && !facts.autocommits;
  return !facts.exclusive && (!facts.commits_wait || keeps_its_lock);
}

std::unique_ptr<LongReads> MakeLongReads(const WorkerContext& context, Loop& loop,
                                         Connection& connection, PlanSet& plans) {
  const DatabaseSettings& settings = context.config.database;
  if (settings.read_slice <= Duration::zero() ||
      !MaySliceReads(SliceFactsOf(context, connection, plans))) {
    return nullptr;
  }
  if (const auto probe = Fiber::Make(); !probe) {
    LogWarning("Reads are not sliced: {}", probe.error().message);
    return nullptr;
  }
  return std::make_unique<LongReads>(
      LongReads::Parts{loop, context.config, connection,
                       [&context, &connection] {
                         return OpenReader(context.config.database, context.served, connection);
                       }},
      LongReads::Options{
          .most = static_cast<std::size_t>(settings.long_reads),
          .slice = settings.read_slice,
          .patience =
              FromSeconds(settings.scheduler == SchedulerKind::kNone ? 0 : settings.timeout),
          .may_hold = settings.access == DatabaseAccess::kImmutable || connection.write_ahead()});
}

void Publish(const LongReads::Tally& tally, WorkerCounters& counters) {
  const auto say = [](std::atomic<std::uint64_t>& counter, std::uint64_t value) {
    counter.store(value, std::memory_order_relaxed);
  };
  say(counters.reads_running, tally.running);
  say(counters.reads_held, tally.held);
  say(counters.reads_waiting, tally.waiting);
  say(counters.reads_begun, tally.begun);
  say(counters.reads_dropped, tally.dropped);
}

Status CheckDescriptors() {
  constexpr int kNeeded = 8;
  std::vector<UniqueFd> taken;
  for (int i = 0; i < kNeeded; ++i) {
    taken.emplace_back(eventfd(0, EFD_CLOEXEC));
    if (!taken.back()) {
      return SystemError("too few descriptors for one worker (ulimit -n)", errno);
    }
  }
  return {};
}

std::uint64_t DrawRequestLimit(const ServerSettings& settings) {
  if (settings.max_requests == 0) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  std::random_device random;
  std::uniform_int_distribution<std::int64_t> extra(0, settings.max_requests_jitter);
  return static_cast<std::uint64_t>(settings.max_requests + extra(random));
}

std::unique_ptr<Scheduler> MakeScheduler(const WorkerContext& context, Loop& loop,
                                         Connection& connection, PlanSet& plans) {
  return std::make_unique<SnapshotScheduler>(loop, plans.transactions(),
                                             SchedulerOf(context, loop, connection, plans));
}

}  // namespace sqlicorn
