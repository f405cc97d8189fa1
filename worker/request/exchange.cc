// SPDX-License-Identifier: MIT
#include "worker/request/exchange.h"

#include "worker/log/request_in_hand.h"

namespace sqlicorn {

Exchange::~Exchange() {
  SetRequestInHand(nullptr);
}

void Exchange::Begin(const Message& message, TimePoint now) {
  request = &message;
  started = now;
  reply.Clear();
}

void Exchange::Prepare(ServedEndpoint& chosen) {
  endpoint = &chosen;
  isolated = chosen.spec.isolated;
  autocommits = chosen.plan.autocommits();
  shares_snapshot = chosen.plan.shares_snapshot() && !chosen.spec.isolated;
  waited.reset();
  steps_done_ = 0;
}

OutcomeKind Exchange::Run() {
  SetRequestInHand(this);
  PlanRun run{params, &reply.body, steps_done_};
  const std::int64_t since_us = MonotonicUs();
  outcome = endpoint->plan.Execute(run);
  steps_done_ = run.done;
  endpoint->meter.EndRun(outcome, since_us);
  return outcome.kind;
}

OutcomeKind Exchange::RunInside() {
  SetRequestInHand(this);
  PlanRun run{params, &reply.body};
  const std::int64_t since_us = MonotonicUs();
  outcome = endpoint->plan.ExecuteInside(run);
  endpoint->meter.EndRun(outcome, since_us);
  return outcome.kind;
}

void Exchange::Finish() {
  SetRequestInHand(nullptr);
  owner_.OnOutcome(*this);
}

}  // namespace sqlicorn
