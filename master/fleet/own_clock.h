// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "common/base/clock.h"

namespace sqlicorn {

// The time in which the master itself ran, as far as deadlines of its children are concerned. A
// master that was stopped, a container that was paused, a machine that was held up: its children
// were too, and cannot have given a sign of life. So a turn of the master counts at most as long as
// the master ever sleeps. Told the time, not asked for it: within a turn it stands still.
class OwnClock {
 public:
  static constexpr Duration kLongestTurn = std::chrono::seconds(1);

  explicit OwnClock(TimePoint now) : real_(now) {}

  // Once at the beginning of each turn.
  void BeginTurn(TimePoint now) {
    lost_ += std::max(now - real_ - kLongestTurn, Duration::zero());
    real_ = now;
  }

  // The beginning of this turn, in own time and in that of all other processes.
  [[nodiscard]] TimePoint now() const { return real_ - lost_; }

  [[nodiscard]] TimePoint real_now() const { return real_; }

  // When that will be if nothing is lost until then.
  [[nodiscard]] TimePoint RealOf(TimePoint own) const {
    return own == TimePoint::max() ? own : own + lost_;
  }

 private:
  TimePoint real_;
  Duration lost_ = Duration::zero();
};

}  // namespace sqlicorn
