// SPDX-License-Identifier: MIT
#include "worker/request/endpoint_meter.h"

#include <chrono>
#include <cstdint>

#include "common/base/clock.h"
#include "common/ipc/shared_memory.h"
#include "worker/turn/meters.h"

namespace sqlicorn {
namespace {

constexpr std::int64_t kOftenUs = 50000;

}  // namespace

void Heartbeat::Beat() {
  slot_.beat_us = MonotonicUs();
}

void Heartbeat::BeatAfterWork(std::int64_t now_us) {
  if (slot_.beat_us.load(std::memory_order_relaxed) < now_us - kOftenUs) {
    slot_.beat_us = now_us;
  }
}

void EndpointMeter::CountRequest() {
  Bump(counters_.endpoint.requests);
}

void EndpointMeter::EndRun(const Outcome& outcome, std::int64_t since_us) {
  const std::int64_t now_us = MonotonicUs();
  heartbeat_.BeatAfterWork(now_us);
  if (outcome.kind == OutcomeKind::kLong) {
    return;  // it is run again, and that is the one that counts
  }
  counters_.endpoint.run_us.Record(static_cast<std::uint64_t>(now_us - since_us));
  if (outcome.kind == OutcomeKind::kBusy) {
    CountLocked(outcome.status, counters_.worker.locked);
    CountLocked(outcome.status, counters_.endpoint.locked);
  }
}

void EndpointMeter::CountAnswer(const Job& job, Plan plan, int status) {
  if (job.waited) {
    const auto us = static_cast<std::uint64_t>(*job.waited / std::chrono::microseconds(1));
    counters_.worker.wait_us.Record(us);
    counters_.endpoint.wait_us.Record(us);
  }
  const Outcome& outcome = job.outcome;
  if (outcome.kind != OutcomeKind::kNoTurn && plan == Plan::kWrites) {
    Bump(counters_.worker.writes);
  }
  CountStatus(status, counters_.worker);
  if (outcome.kind == OutcomeKind::kCommitted) {
    return;
  }
  Bump(counters_.endpoint.errors);
  if (outcome.kind == OutcomeKind::kTimedOut) {
    Bump(counters_.worker.timed_out);
  }
  if (outcome.locked()) {
    Bump(counters_.slot.busy);
    Bump(counters_.endpoint.busy);
  } else if (outcome.kind != OutcomeKind::kBadValue && outcome.kind != OutcomeKind::kUnmet) {
    CountFailure(outcome.status, counters_.worker.failed);
  }
  if (outcome.status.outdated()) {
    Bump(counters_.endpoint.outdated);
  }
}

void EndpointMeter::CountRefusal(int status) {
  CountStatus(status, counters_.worker);
  Bump(counters_.endpoint.errors);
}

void CountStatus(int status, WorkerCounters& counters) {
  Bump(counters.answers.at(static_cast<std::size_t>(status) / 100));
}

}  // namespace sqlicorn
