// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/log_throttle.h"
#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"
#include "common/ipc/worker_counters.h"
#include "worker/plan/plan_set.h"
#include "worker/request/exchange.h"
#include "worker/request/heartbeat.h"
#include "worker/request/router.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// Takes a request through the worker: route → bind parameters → (a plan that writes waits for its
// turn) → execute → reply. Lives on the worker's loop; knows no socket and no HTTP framing.
class Dispatcher {
 public:
  // All parts outlive the dispatcher.
  struct Parts {
    const ServerConfig& config;
    PlanSet& plans;
    Scheduler& scheduler;
    WorkerSlot& slot;
    CounterSheet counters;                      // of this worker
    std::span<const std::size_t> counter_rows;  // of the endpoints of the configuration
  };

  explicit Dispatcher(const Parts& parts);

  // Fills exchange.reply and delivers it, now or later.
  void Dispatch(Exchange& exchange);

  // The client has gone: the exchange will not be delivered.
  void Withdraw(Exchange& exchange) {
    SetRequestInHand(nullptr);
    scheduler_.Withdraw(exchange);
  }

  // Tells of log lines that were held back. Call it now and then.
  void ReportHeldBack(TimePoint now);

  // A statement has failed in a way that SqlStatus::leaves_doubt: the connection had better be
  // opened anew.
  [[nodiscard]] bool in_doubt() const { return in_doubt_; }

 private:
  friend class Exchange;

  [[nodiscard]] SqlPlan& PlanOf(const Exchange& exchange) const {
    return plans_.plan(exchange.endpoint);
  }

  // False when the reply already says why not.
  [[nodiscard]] bool Route(Exchange& exchange) const;
  [[nodiscard]] bool Bind(Exchange& exchange) const;
  void Answer(Exchange& exchange);
  // One execution of the plan has ended, begun at that MonotonicUs.
  void EndRun(const Exchange& exchange, std::int64_t since_us);
  void CountAnswer(const Exchange& exchange) const;
  void CountStatus(int status) const;
  void Explain(Exchange& exchange, const EndpointSpec& endpoint);
  void LogProblem(const Exchange& exchange, const EndpointSpec& endpoint, std::string_view what);

  [[nodiscard]] EndpointCounters& CountersOf(const Exchange& exchange) const {
    return counters_.endpoints[counter_rows_[exchange.endpoint]];
  }

  const ServerConfig& config_;
  PlanSet& plans_;
  Scheduler& scheduler_;
  WorkerSlot& slot_;
  Heartbeat heartbeat_;
  CounterSheet counters_;
  std::span<const std::size_t> counter_rows_;
  Router router_;
  LogThrottle busy_log_{"requests that could not get the lock"};
  LogThrottle rejected_log_{"requests that SQLite refused"};
  LogThrottle failed_log_{"requests that failed"};
  std::vector<std::uint8_t> told_outdated_;  // by endpoint: logged, and not answered since
  bool in_doubt_ = false;
};

}  // namespace sqlicorn
