// SPDX-License-Identifier: MIT
#include "worker/request/exchange.h"

#include <utility>

#include "worker/log/request_in_hand.h"

namespace sqlicorn {

Exchange::~Exchange() {
  SetRequestInHand(nullptr);
}

void Exchange::Begin(const Message& message, TimePoint now) {
  request = &message;
  started = now;
  wrong_fields.clear();
  reply.Clear();
}

void Exchange::Prepare(ServedEndpoint& chosen) {
  endpoint = &chosen;
  isolated = chosen.spec.isolated;
  autocommits = chosen.plan.autocommits();
  shares_snapshot = chosen.plan.shares_snapshot() && !chosen.spec.isolated;
  waited.reset();
  steps_done_ = 0;
  runs_long_ = false;
}

OutcomeKind Exchange::Run() {
  PlanRun run = RunFrom(steps_done_);
  const std::int64_t since_us = BeginRun();
  outcome = endpoint->plan.Execute(run);
  steps_done_ = run.done;
  return EndRun(since_us);
}

OutcomeKind Exchange::RunInside() {
  PlanRun run = RunFrom(0);
  const std::int64_t since_us = BeginRun();
  outcome = endpoint->plan.ExecuteInside(run);
  return EndRun(since_us);
}

PlanRun Exchange::RunFrom(std::size_t done) {
  return {.params = params,
          .rows = &reply.body,
          .done = done,
          .stream = StreamOf(endpoint->rules),
          .most = endpoint->most,
          .result = &result,
          .format = format,
          .times = times};
}

// On the worker's connection too: what is too long to be gathered is not, and begins again where it
// may be held.
RowStream* Exchange::StreamOf(const RunRules& rules) {
  const bool streams = rules.long_reads != nullptr && rules.long_reads->may_hold();
  const SqlPlan& plan = endpoint->plan;
  return streams && plan.may_pause() && plan.streams() && times == 1 ? this : nullptr;
}

std::int64_t Exchange::BeginRun() {
  SetRequestInHand(this);
  overflowed_ = false;
  const RunRules& rules = endpoint->rules;
  const std::int64_t now_us = MonotonicUs();
  const bool sliced = rules.long_reads != nullptr && endpoint->plan.may_pause();
  rules.limit.Start({.slice_us = sliced ? now_us + rules.slice_us : RunLimit::kNever,
                     .deadline_us = endpoint->limit.After(now_us)});
  return now_us;
}

OutcomeKind Exchange::EndRun(std::int64_t since_us) {
  const RunLimit::End end = endpoint->rules.limit.Stop();
  if (outcome.status.interrupted()) {
    const bool goes_on = end == RunLimit::End::kSlice || overflowed_;
    outcome = goes_on ? Outcome{OutcomeKind::kLong, {}} : TookTooLong(endpoint->limit);
  }
  endpoint->meter.EndRun(outcome, since_us);
  return outcome.kind;
}

void Exchange::Finish() {
  SetRequestInHand(nullptr);
  if (outcome.kind == OutcomeKind::kLong) {
    endpoint->long_lately = true;
    RunAsLong();
    return;
  }
  owner_.OnOutcome(*this);
}

void Exchange::RunAsLong() {
  used_us_ = 0;
  slices_ = 0;
  runs_long_ = true;
  LongRead::limit = endpoint->long_limit;
  endpoint->rules.long_reads->Submit(*this);
}

void Exchange::RunInSlices(Reader& reader) {
  reader_ = &reader;
  overflowed_ = false;
  reader.plans().Mend(endpoint->index);
  PlanRun run = RunFrom(0);
  outcome = reader.plans().plan(endpoint->index).Execute(run);
  reader_ = nullptr;
}

bool Exchange::Send() {
  overflowed_ = true;
  return reader_ != nullptr && reader_->Hold();
}

void Exchange::OnHeld() {
  owner_.OnRows(*this);
}

void Exchange::BeginSlice() {
  SetRequestInHand(this);
  slice_began_us_ = MonotonicUs();
  ++slices_;
}

void Exchange::EndSlice() {
  SetRequestInHand(nullptr);
  const std::int64_t now_us = MonotonicUs();
  used_us_ += now_us - slice_began_us_;
  endpoint->meter.EndSlice(now_us);
}

// What was over before somebody could end it stays what it is.
void Exchange::End(std::optional<Outcome> instead) {
  if (instead && (slices_ == 0 || outcome.status.interrupted())) {
    outcome = *std::move(instead);
  }
  if (slices_ > 0) {
    endpoint->long_lately = slices_ > 1 || overflowed_;
  }
  endpoint->meter.EndRun(outcome, MonotonicUs() - used_us_);
  Finish();
}

}  // namespace sqlicorn
