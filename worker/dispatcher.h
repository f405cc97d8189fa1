// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"
#include "worker/exchange.h"
#include "worker/plan_set.h"
#include "worker/router.h"
#include "worker/scheduler.h"

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
  };

  explicit Dispatcher(const Parts& parts);

  // Fills exchange.reply and delivers it, now or later.
  void Dispatch(Exchange& exchange);

  // The client has gone: the exchange will not be delivered.
  void Withdraw(Exchange& exchange) { scheduler_.Withdraw(exchange); }

 private:
  friend class Exchange;

  [[nodiscard]] SqlPlan& PlanOf(const Exchange& exchange) const {
    return plans_.plan(exchange.endpoint);
  }

  // False when the reply already says why not.
  [[nodiscard]] bool Route(Exchange& exchange) const;
  [[nodiscard]] bool Bind(Exchange& exchange) const;
  void Answer(Exchange& exchange) const;
  void Explain(Exchange& exchange, const EndpointSpec& endpoint) const;

  const ServerConfig& config_;
  PlanSet& plans_;
  Scheduler& scheduler_;
  WorkerSlot& slot_;
  Router router_;
};

}  // namespace sqlicorn
