// SPDX-License-Identifier: MIT
#include "loadgen/run/dispatcher.h"

#include <algorithm>

#include "loadgen/run/user.h"

namespace sqlicorn::loadgen {
namespace {

// What is sent within this time of being due is on time.
constexpr Duration kOnTime = std::chrono::milliseconds(1);

std::uint64_t ToUs(Duration duration) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  return us < 0 ? 0 : static_cast<std::uint64_t>(us);
}

}  // namespace

Dispatcher::Dispatcher(Loop& loop, const RatePlan& plan, std::uint64_t seed)
    : rate_(plan.text), arrivals_(plan, seed), timer_(loop, [this] { SendDue(Cause::kDue); }) {}

void Dispatcher::Start(TimePoint start) {
  start_ = start;
  next_ = arrivals_.Next();
}

void Dispatcher::Stop(TimePoint end) {
  timer_.Stop();
  free_.clear();
  for (; next_ && start_ + *next_ < end; next_ = arrivals_.Next()) {
    ++counts_.never_sent;
  }
  next_.reset();
}

void Dispatcher::BeginCounting() {
  counts_ = OpenLoop();
  counts_.rate = rate_;
}

void Dispatcher::Free(User* user) {
  const Cause cause = free_.empty() ? Cause::kFreed : Cause::kDue;
  free_.push_back(user);
  SendDue(cause);
}

void Dispatcher::Forget(User* user) {
  std::erase(free_, user);
}

void Dispatcher::SendDue(Cause cause) {
  while (next_ && !free_.empty()) {
    const TimePoint due = start_ + *next_;
    const TimePoint now = Clock::now();
    if (due > now) {
      if (armed_for_ != due) {  // a system call that most answers can do without
        timer_.StartAt(due);
        armed_for_ = due;
      }
      return;
    }
    User* user = free_.back();
    free_.pop_back();
    next_ = arrivals_.Next();
    Count(now - due, due < stood_still_until_ ? Cause::kDue : cause);
    user->SendDue(due, now);
  }
}

void Dispatcher::Count(Duration late, Cause cause) {
  ++counts_.sends;
  if (cause == Cause::kFreed && late > kOnTime) {
    ++counts_.waited;
    return;
  }
  counts_.lateness.Record(ToUs(late));
  counts_.late += late > kOnTime ? 1 : 0;
}

}  // namespace sqlicorn::loadgen
