// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "common/base/clock.h"
#include "common/config/server_config.h"
#include "common/http/message.h"
#include "worker/log/request_in_hand.h"
#include "worker/plan/sql_plan.h"
#include "worker/request/endpoint_meter.h"
#include "worker/request/request_fields.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

class Exchange;

// What all requests of one endpoint share.
struct ServedEndpoint {
  std::size_t index;  // in ServerConfig::endpoints
  const EndpointSpec& spec;
  SqlPlan& plan;
  EndpointMeter meter;
  bool told_outdated = false;  // logged, and not answered since
};

// Whoever waits for the outcome of a request: the connection.
class ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;

  // The outcome is final, and the reply is to be made from it: Dispatcher::Answer. Called once for
  // each request that was submitted, maybe before Dispatch returns.
  virtual void OnOutcome(Exchange& exchange) = 0;
};

// One request on its way through the worker, from parsed message to reply, and the job that its
// endpoint makes of it: a plan with parameters. While the job runs it calls nobody back. Each
// connection owns an exchange and uses it again for its next request.
class Exchange final : public Job, public ServedRequest {
 public:
  explicit Exchange(ExchangeOwner& owner) : owner_(owner) {}

  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // A new request in place of the one before.
  // REQUIRES: `message` stays unchanged until the answer.
  void Begin(const Message& message, TimePoint now);

  // The job is one of `chosen`, which outlives the exchange. REQUIRES: `params` are its parameters.
  void Prepare(ServedEndpoint& chosen);

  OutcomeKind Run() override;
  OutcomeKind RunInside() override;
  void Finish() override;

  ServedEndpoint* endpoint = nullptr;  // set by Prepare
  RequestFields fields;                // what `params` points into
  std::vector<BoundParam> params;      // set by the param binder

 private:
  ExchangeOwner& owner_;
  std::size_t steps_done_ = 0;  // PlanRun::done between runs
};

}  // namespace sqlicorn
