// SPDX-License-Identifier: MIT
#include "worker/turn/retry_scheduler.h"

#include <algorithm>
#include <chrono>
#include <random>

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
    : loop_(loop), patience_(patience), timer_(loop, [this] { OnTimer(); }) {}

void RetryScheduler::RunOrWait(Job& job) {
  if (job.Run() != OutcomeKind::kBusy || patience_ <= Duration::zero()) {
    job.Finish();
    return;
  }
  loop_.UpdateTime();
  job.waiting_since = Clock::now();
  job.deadline = loop_.now() + patience_;
  waiting_.push_back({&job, 1, loop_.now() + RetryDelay(0)});
  ArmTimer();
}

void RetryScheduler::OnTimer() {
  // Answering may submit a new job; it is looked at when it is due.
  for (std::size_t i = 0; i < waiting_.size();) {
    Waiting& entry = waiting_[i];
    if (paused_ || entry.next > loop_.now()) {
      ++i;
      continue;
    }
    Job& job = *entry.job;
    if (job.waited) {  // not a read
      job.waited = Clock::now() - job.waiting_since;
    }
    if (job.Run() == OutcomeKind::kBusy && loop_.now() < job.deadline) {
      entry.next = loop_.now() + RetryDelay(entry.attempts++);
      ++i;
      continue;
    }
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    job.Finish();
  }
  ArmTimer();
}

void RetryScheduler::ArmTimer() {
  if (waiting_.empty()) {
    return;
  }
  const auto next = std::min_element(waiting_.begin(), waiting_.end(),
                                     [](const auto& a, const auto& b) { return a.next < b.next; });
  // At least the timer's resolution: a paused entry may be overdue.
  timer_.Start(std::max<Duration>(next->next - loop_.now(), std::chrono::milliseconds(1)));
}

void RetryScheduler::Withdraw(Job& job) {
  std::erase_if(waiting_, [&](const Waiting& entry) { return entry.job == &job; });
}

}  // namespace sqlicorn
