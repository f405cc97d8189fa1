// SPDX-License-Identifier: MIT
// How a run ends: the phases it goes through, and who waits too long.
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "loadgen/run/runner.h"

namespace sqlicorn::loadgen {
namespace {

// Overdue requests are looked for no more often than this.
constexpr Duration kTimeoutPrecision = std::chrono::milliseconds(1);

// A generator that comes to the end of its run time no later than this was there.
constexpr Duration kEndOnTime = std::chrono::milliseconds(10);

// One look at the sockets takes place within it.
constexpr Duration kLastLook = std::chrono::milliseconds(1);

}  // namespace

void Runner::EndWarmup() {
  state_ = State::kRunning;
  if (options_.warmup > Duration::zero()) {
    BeginCounting();
    observer_->OnStatsReset();
  }
  if (options_.run_time) {
    end_due_ = Clock::now() + *options_.run_time;
    phase_timer_.Start(*options_.run_time);
  }
}

void Runner::EndPhase() {
  if (state_ == State::kWarmingUp) {
    EndWarmup();
  } else if (state_ == State::kRunning || state_ == State::kOverdue) {
    EndRunTime();
  } else {
    GiveUp();
  }
}

// The loop looks at its timers before its sockets: after a sleep through the end (SIGSTOP, a frozen
// machine) the answers that waited for us would be late ones, and the stall in no maximum.
void Runner::EndRunTime() {
  if (state_ == State::kRunning && Clock::now() - end_due_ > kEndOnTime) {
    state_ = State::kOverdue;
    phase_timer_.Start(kLastLook);
    return;
  }
  Drain(StopReason::kRunTime);
}

void Runner::Stop() {
  if (state_ == State::kDraining) {
    GiveUp();
  } else if (state_ != State::kReady && state_ != State::kFinished) {
    interrupted_ = true;
    Drain(StopReason::kAsked);
  }
}

void Runner::Drain(StopReason reason) {
  state_ = State::kDraining;
  window_end_ = Clock::now();
  watch_.End();
  if (dispatcher_) {
    dispatcher_->Stop(window_end_);
  }
  spawn_timer_.Stop();
  observer_->OnStopping(reason);
  phase_timer_.Start(options_.stop_timeout);
  for (const auto& user : users_) {
    user->Finish();
  }
  if (state_ == State::kDraining && done_ == started_) {
    Finish();  // all of them had retired
  }
}

void Runner::GiveUp() {
  std::move(retired_.begin(), retired_.end(), std::back_inserter(users_));
  retired_.clear();
  for (const auto& user : users_) {
    unanswered_ += user->awaiting() ? 1 : 0;
  }
  for (const auto& user : users_) {
    user->Abandon();
  }
}

TimePoint Runner::GiveUpOverdue(const UserList& users, TimePoint now) {
  TimePoint oldest = now;
  for (const auto& user : users) {
    const std::optional<TimePoint> since = user->waits_since();
    if (since && now - *since >= options_.timeout) {
      user->GiveUp();
    } else if (since) {
      oldest = std::min(oldest, *since);
    }
  }
  return oldest;
}

// Looks at all users, but again only when the one that waits longest by now could be overdue.
void Runner::GiveUpOverdue() {
  const TimePoint now = Clock::now();
  TimePoint oldest = now;
  for (const auto* users : {&users_, &retired_}) {
    oldest = std::min(oldest, GiveUpOverdue(*users, now));
  }
  if (state_ != State::kFinished) {
    timeout_timer_.Start(std::max(oldest + options_.timeout - now, kTimeoutPrecision));
  }
}

void Runner::Finish() {
  state_ = State::kFinished;
  phase_timer_.Stop();
  timeout_timer_.Stop();
  stats_.End(window_end_);
  observer_->OnFinished();
}

}  // namespace sqlicorn::loadgen
