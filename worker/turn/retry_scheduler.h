// SPDX-License-Identifier: MIT
#pragma once

#include <map>

#include "common/base/clock.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// The scheduler retry: a job that finds the database locked is run again by a timer, and the loop
// goes on serving meanwhile. Nobody is in line: who asks at the right moment wins. The queue uses
// it for reads, which in rollback journal modes meet a committing writer.
class RetryScheduler final : public Scheduler {
 public:
  // What waiting jobs may take of one round of the loop; those due beyond it run in the next.
  static constexpr Duration kShare = std::chrono::milliseconds(1);

  // A job that is still busy after `patience` is finished so.
  RetryScheduler(Loop& loop, Duration patience);

  void Read(Job& job) override { Submit(job); }

  void Write(Job& job) override {
    job.waited = Duration::zero();
    Submit(job);
  }

  void Settle(Job& job) override { Settle({&job, 0}, job.outcome.kind); }

  void Withdraw(Job& job) override;

  // Until Resume nothing is run: a transaction is open that no job must see.
  void Pause();
  void Resume();

 private:
  struct Waiting {
    Job* job;
    unsigned attempts;  // so far
  };

  void Submit(Job& job);
  // Runs it once.
  void Try(const Waiting& waiting);
  // It has been run: it is finished, or waits for its next attempt.
  void Settle(const Waiting& waiting, OutcomeKind found);
  [[nodiscard]] bool HasPatience(const Waiting& waiting);
  void ServeDue();
  // Sees to it that whoever is due next is served in time.
  void Arm();

  Loop& loop_;
  const Duration patience_;
  Timer timer_;                                // until somebody is due
  BusyHook serve_;                             // somebody is
  std::multimap<TimePoint, Waiting> waiting_;  // by when they are due
  bool paused_ = false;
};

// How long to wait before attempt n + 1 of something that found a lock: 0.5 ms doubling to 3 ms,
// give or take a quarter so that waiters do not march in step.
[[nodiscard]] Duration RetryDelay(unsigned attempts);

}  // namespace sqlicorn
