// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "common/base/clock.h"
#include "common/uv/loop.h"
#include "common/uv/timer.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// The scheduler retry: a job that finds the database locked is run again by a timer, and the loop
// goes on serving meanwhile. Nobody is in line: who asks at the right moment wins. The queue uses
// it for reads, which in rollback journal modes meet a committing writer.
class RetryScheduler final : public Scheduler {
 public:
  // A job that is still busy after `patience` is answered so.
  RetryScheduler(Loop& loop, Duration patience);

  void Read(Job& job) override { RunOrWait(job); }

  void Write(Job& job) override {
    job.waited = Duration::zero();
    RunOrWait(job);
  }

  void Withdraw(Job& job) override;

  // In between, what waits stays waiting: a transaction is open that it must not see.
  void Pause() { paused_ = true; }

  void Resume() { paused_ = false; }

 private:
  struct Waiting {
    Job* job;
    unsigned attempts;
    TimePoint next;
  };

  void RunOrWait(Job& job);
  void OnTimer();
  void ArmTimer();

  Loop& loop_;
  const Duration patience_;
  Timer timer_;
  std::vector<Waiting> waiting_;
  bool paused_ = false;
};

// How long to wait before attempt n + 1 of something that found a lock: 0.5 ms doubling to 3 ms,
// give or take a quarter so that waiters do not march in step.
[[nodiscard]] Duration RetryDelay(unsigned attempts);

}  // namespace sqlicorn
