// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/http/message.h"
#include "worker/log/request_in_hand.h"
#include "worker/log/served_request.h"
#include "worker/plan/sql_plan.h"
#include "worker/request/request_fields.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

class Dispatcher;
class Exchange;

// Whoever waits for the answer: the connection.
class ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;

  // `reply` of the exchange is complete. Called once per Dispatch, maybe before that returns.
  virtual void OnAnswered(Exchange& exchange) = 0;
};

// One request on its way through the worker, from parsed message to reply. Each connection owns one
// and uses it again for its next request.
class Exchange final : public Job, public ServedRequest {
 public:
  Exchange(ExchangeOwner& owner, Dispatcher& dispatcher) : owner_(owner), dispatcher_(dispatcher) {}

  ~Exchange() override { SetRequestInHand(nullptr); }

  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // REQUIRES: `message` stays unchanged until the answer.
  void Begin(const Message& message, TimePoint now);

  OutcomeKind Run() override;
  OutcomeKind RunInside() override;

  void Fail(Outcome failed) override { outcome = std::move(failed); }

  void Answer() override;
  [[nodiscard]] bool isolated() const override;
  [[nodiscard]] bool autocommits() const override;

  // The reply is complete: tells the owner.
  void Deliver() { owner_.OnAnswered(*this); }

  std::size_t endpoint = 0;        // set by the dispatcher
  RequestFields fields;            // what `params` points into
  std::vector<BoundParam> params;  // set by the param binder
  Outcome outcome;                 // of the last run
  std::size_t steps_done = 0;      // PlanRun::done between runs

 private:
  ExchangeOwner& owner_;
  Dispatcher& dispatcher_;
};

}  // namespace sqlicorn
