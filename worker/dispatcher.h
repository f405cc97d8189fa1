// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"
#include "worker/exchange.h"
#include "worker/plan_set.h"
#include "worker/router.h"
#include "worker/write_scheduler.h"

namespace sqlicorn {

// Takes a request through the worker: route → bind parameters → (a plan that writes waits for its
// turn) → execute → reply. Lives on the worker's loop; knows no socket and no HTTP framing.
class Dispatcher {
 public:
  // All parts outlive the dispatcher.
  struct Parts {
    const ServerConfig& config;
    PlanSet& plans;
    WriteScheduler& scheduler;
    WorkerSlot& slot;
  };

  explicit Dispatcher(const Parts& parts);

  // Fills exchange.reply and calls exchange.Answer(), now or later.
  void Dispatch(Exchange& exchange);

  // Runs the endpoint's plan. For exchanges whose turn it is.
  void Execute(Exchange& exchange);

 private:
  // False when the reply already says why not.
  [[nodiscard]] bool Route(Exchange& exchange) const;
  [[nodiscard]] bool Bind(Exchange& exchange) const;
  void ReplyTo(Exchange& exchange, const Outcome& outcome) const;

  const ServerConfig& config_;
  PlanSet& plans_;
  WriteScheduler& scheduler_;
  WorkerSlot& slot_;
  Router router_;
};

}  // namespace sqlicorn
