// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "common/base/clock.h"
#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"
#include "common/ipc/worker_counters.h"
#include "worker/plan/plan_set.h"
#include "worker/request/exchange.h"
#include "worker/request/reply_maker.h"
#include "worker/request/router.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// What an endpoint asks its requests for.
struct AskedFields {
  FieldWants wants;
  // Of a request without any: most reads have none.
  std::optional<std::vector<BoundParam>> defaults;
};

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
    LongReads* long_reads = nullptr;            // null: reads run to their end
  };

  explicit Dispatcher(const Parts& parts);

  // Makes the request a job and submits that: its owner hears of the outcome, now or later. False
  // when nothing is to be executed, and the reply says already why not.
  [[nodiscard]] bool Dispatch(Exchange& exchange);

  // Makes the reply from the outcome of a job that was submitted.
  void Answer(Exchange& exchange);

  // Rows are about to leave before the outcome is known: makes the head of the reply.
  static void BeginAnswer(Exchange& exchange) { ReplyMaker::Begin(exchange); }

  // They have been taken: more may come.
  void GoOn(Exchange& exchange) { rules_.long_reads->GoOn(exchange); }

  // The client has gone: the owner will hear of no outcome.
  void Withdraw(Exchange& exchange);

  // Tells of log lines that were held back. Call it now and then.
  void ReportHeldBack(TimePoint now) { replies_.ReportHeldBack(now); }

  // The connection had better be opened anew: ReplyMaker::in_doubt.
  [[nodiscard]] bool in_doubt() const { return replies_.in_doubt(); }

 private:
  // Null or false: the reply already says why not.
  [[nodiscard]] ServedEndpoint* Route(Exchange& exchange);
  [[nodiscard]] bool MakeJob(Exchange& exchange, ServedEndpoint& endpoint);
  [[nodiscard]] bool Bind(Exchange& exchange, const ServedEndpoint& endpoint) const;
  [[nodiscard]] bool RedirectSlash(Exchange& exchange) const;

  const ServerConfig& config_;
  PlanSet& plans_;
  Scheduler& scheduler_;
  WorkerSlot& slot_;
  WorkerCounters& counters_;
  RunLimit limit_;
  RunRules rules_;
  std::vector<AskedFields> asked_;         // by the endpoints of the configuration
  std::vector<ServedEndpoint> endpoints_;  // as in the configuration; does not grow
  Router router_;
  ReplyMaker replies_;
};

}  // namespace sqlicorn
