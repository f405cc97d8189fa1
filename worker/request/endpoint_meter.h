// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "common/base/clock.h"
#include "common/ipc/scoreboard.h"
#include "common/ipc/worker_counters.h"
#include "worker/plan/outcome.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// A worker's sign of life in its slot of the scoreboard: from its timer, and from whatever work it
// has finished, because a loop that is busy for long runs no timer.
class Heartbeat {
 public:
  // How often the timer beats.
  static constexpr Duration kPeriod = std::chrono::milliseconds(250);

  explicit Heartbeat(WorkerSlot& slot) : slot_(slot) {}

  void Beat();

  // A piece of work is done at that MonotonicUs. Costs next to nothing when it comes often.
  void BeatAfterWork(std::int64_t now_us);

 private:
  WorkerSlot& slot_;
};

// Counts what becomes of the requests of one endpoint, in its counters and in those of the worker,
// and lets the heart beat after each run of its plan.
class EndpointMeter {
 public:
  // All three outlive the meter.
  struct Counters {
    WorkerSlot& slot;
    WorkerCounters& worker;
    EndpointCounters& endpoint;
  };

  explicit EndpointMeter(const Counters& counters)
      : counters_(counters), heartbeat_(counters.slot) {}

  // The router has found the endpoint.
  void CountRequest();

  // One execution of the plan has ended, begun at that MonotonicUs.
  void EndRun(const Outcome& outcome, std::int64_t since_us);

  // A part of one has, at that MonotonicUs.
  void EndSlice(std::int64_t now_us) { heartbeat_.BeatAfterWork(now_us); }

  // The answer to a job that a scheduler was given.
  enum class Plan { kReads, kWrites };
  void CountAnswer(const Job& job, Plan plan, int status);

  // The answer to a request that came to no job.
  void CountRefusal(int status);

 private:
  Counters counters_;
  Heartbeat heartbeat_;
};

// An answer of the worker, by the first digit of its status.
void CountStatus(int status, WorkerCounters& counters);

}  // namespace sqlicorn
