// SPDX-License-Identifier: MIT
#include "worker/turn/retry_scheduler.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

namespace sqlicorn {
namespace {

constexpr Duration kFirstDelay = std::chrono::microseconds(500);
constexpr Duration kLongestDelay = std::chrono::milliseconds(3);

}  // namespace

Duration RetryDelay(unsigned attempts) {
  static std::minstd_rand random(static_cast<unsigned>(Clock::now().time_since_epoch().count()));
  const Duration delay = std::min(kFirstDelay * (1U << std::min(attempts, 8U)), kLongestDelay);
  return delay * (75 + random() % 51) / 100;
}

RetryScheduler::RetryScheduler(Loop& loop, Duration patience)
    : loop_(loop),
      patience_(patience),
      timer_(loop, [this] { serve_.Start(); }),
      serve_(loop, [this] { ServeDue(); }) {}

// Who is parked is due at once, so that parked and retried jobs run in the order of their instants
// once nothing is open any more.
void RetryScheduler::Submit(Job& job) {
  if (paused_) {
    waiting_.emplace(loop_.now(), Waiting{&job, 0});
  } else {
    Try({&job, 0});
  }
}

void RetryScheduler::Try(const Waiting& waiting) {
  Job& job = *waiting.job;
  if (job.waited && waiting.attempts > 0) {  // it is no read
    job.waited = Clock::now() - job.waiting_since;
  }
  Settle(waiting, job.Run());
}

void RetryScheduler::Settle(const Waiting& waiting, OutcomeKind found) {
  if (found == OutcomeKind::kBusy && HasPatience(waiting)) {
    waiting_.emplace(loop_.now() + RetryDelay(waiting.attempts),
                     Waiting{waiting.job, waiting.attempts + 1});
    Arm();
  } else {
    waiting.job->Finish();
  }
}

// The clock is asked only when a lock has been met, and most jobs never meet one. SQLite may have
// held the loop until then, whose time is that of before.
bool RetryScheduler::HasPatience(const Waiting& waiting) {
  Job& job = *waiting.job;
  if (waiting.attempts == 0) {
    loop_.UpdateTime();
    job.waiting_since = Clock::now();
    job.deadline = loop_.now() + patience_;
  }
  return loop_.now() < job.deadline;
}

// Finishing a job may submit a new one; if that has to wait it is not due yet.
void RetryScheduler::ServeDue() {
  const TimePoint due = loop_.now();
  const TimePoint stop_at = Clock::now() + kShare;
  while (!waiting_.empty() && waiting_.begin()->first <= due && Clock::now() < stop_at) {
    const Waiting first = waiting_.begin()->second;
    // Before it is tried: finished, it may submit or withdraw others, and is gone itself perhaps.
    waiting_.erase(waiting_.begin());
    Try(first);
  }
  Arm();
}

// A timer that is over when it starts would run on in the same round of the loop: libuv looks for
// more until none is left.
void RetryScheduler::Arm() {
  timer_.Stop();
  if (paused_ || waiting_.empty()) {
    serve_.Stop();
    return;
  }
  const Duration wait = waiting_.begin()->first - loop_.now();
  if (wait > Duration::zero()) {
    serve_.Stop();
    timer_.Start(wait);
  } else {
    serve_.Start();
  }
}

void RetryScheduler::Pause() {
  paused_ = true;
  Arm();
}

void RetryScheduler::Resume() {
  if (std::exchange(paused_, false)) {
    Arm();
  }
}

// A timer that was set for it finds nobody due, and is set anew for the next one then.
void RetryScheduler::Withdraw(Job& job) {
  std::erase_if(waiting_, [&](const auto& entry) { return entry.second.job == &job; });
}

}  // namespace sqlicorn
