// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

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

// The signs of life of one child, as the master has seen them: in its own memory, and judged by its
// own time. What the child writes is only ever an instant to look at; how long it may be silent
// nobody but the master says.
class Pulse {
 public:
  // A healthy child beats this often.
  static constexpr Duration kBeat = std::chrono::milliseconds(250);
  // Silence that is too long is believed when it goes on for so much longer: a child that was
  // stopped together with its master must have run again before it is judged.
  static constexpr Duration kDoubt = std::chrono::milliseconds(500);

  // Not watched.
  Pulse() = default;

  // From its birth until the first beat a child has `boot`, between two of them `timeout`; zero is
  // for ever.
  Pulse(TimePoint born, Duration boot, Duration timeout)
      : boot_(boot), timeout_(timeout), heard_at_(born) {}

  // What the child's word says: MonotonicUs of its last beat. A word that is older than one seen
  // before, or an instant that has not come yet, is no sign of life.
  void Hear(std::int64_t beat_us, const OwnClock& clock);

  // It has been silent for too long, and doubt is over. Told once a turn at least.
  [[nodiscard]] bool Lost(TimePoint now);

  // When Lost is to be asked, if nothing is heard before; TimePoint::max() when never.
  [[nodiscard]] TimePoint next_deadline() const;

  // It has beaten at least once, and is watched between beats.
  [[nodiscard]] bool beats() const { return beat_us_ != 0 && timeout_ > Duration::zero(); }

  // Since the last sign of life; the birth is one.
  [[nodiscard]] Duration Silence(TimePoint now) const { return now - heard_at_; }

  // Silent for longer than allowed.
  [[nodiscard]] bool Overdue(TimePoint now) const { return now > limit(); }

 private:
  [[nodiscard]] TimePoint limit() const;

  Duration boot_ = Duration::zero();
  Duration timeout_ = Duration::zero();
  TimePoint heard_at_{};
  std::int64_t beat_us_ = 0;  // the last one that was believed
  TimePoint doubt_over_ = TimePoint::max();
};

}  // namespace sqlicorn
