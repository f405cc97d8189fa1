// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <memory>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "worker/http/acceptor.h"
#include "worker/http/connection_set.h"
#include "worker/log/access_log.h"
#include "worker/plan/plan_set.h"
#include "worker/request/dispatcher.h"
#include "worker/request/endpoint_meter.h"
#include "worker/run_worker.h"
#include "worker/slice/long_reads.h"
#include "worker/turn/scheduler.h"
#include "worker/wal/checkpoints.h"
#include "worker/wal/log_rescue.h"

namespace sqlicorn {

// One worker process: one event loop, one database connection, its share of the clients. Everything
// in it lives on the loop's thread.
class Worker {
 public:
  // Opens the database and prepares every statement; nothing is accepted yet.
  [[nodiscard]] static Result<std::unique_ptr<Worker>> Create(const WorkerContext& context);

  // Serves until told to stop.
  void Run();

 private:
  // serving -TERM-> draining -nobody is left, graceful_timeout, INT, QUIT-> ending
  // serving -INT, QUIT, the master has died-> ending
  enum class Stage { kServing, kDraining, kEnding };

  struct Database {
    std::unique_ptr<Connection> connection;
    std::unique_ptr<PlanSet> plans;
  };

  Worker(const WorkerContext& context, Database database, AccessLog access_log);

  void OnSocket(UniqueFd socket);
  void OnTick();
  void OnRoundEnd();
  // Somebody wants this worker to end, in either way.
  void OnTold(void (Worker::*end)());
  void BeginDrain();
  void StopNow();
  void ReopenLogs();
  void CheckRecycling();

  const WorkerContext& context_;
  const ServerSettings& settings_;
  WorkerSlot& slot_;
  Heartbeat heartbeat_;
  const pid_t master_;
  const std::uint64_t request_limit_;

  Loop loop_;
  Database database_;
  LogRescue log_rescue_;
  WalGuard wal_guard_;
  std::unique_ptr<Scheduler> scheduler_;
  std::unique_ptr<LongReads> long_reads_;  // null: reads run to their end
  AccessLog access_log_;
  DateCache dates_;
  Dispatcher dispatcher_;
  ConnectionSet connections_;
  ConnectionServices services_;
  Acceptor acceptor_;
  Timer tick_;
  Timer sweep_;
  RoundHook round_end_;
  std::deque<SignalWatcher> signals_;
  TimePoint reopen_from_;  // a connection in doubt is given up then, not before
  TimePoint drain_deadline_ = TimePoint::max();
  Stage stage_ = Stage::kServing;
};

}  // namespace sqlicorn
