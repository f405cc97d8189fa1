// SPDX-License-Identifier: MIT
#include "master/fleet/pulse.h"

#include <algorithm>

namespace sqlicorn {

// The word is an instant of the one monotonic clock that all processes share; what is kept is when
// that was in the master's own time, since only that is compared with anything.
void Pulse::Hear(std::int64_t beat_us, const OwnClock& clock) {
  const std::int64_t now_us = clock.real_now().time_since_epoch() / std::chrono::microseconds(1);
  if (beat_us <= beat_us_ || beat_us > now_us) {
    return;
  }
  beat_us_ = beat_us;
  // The turn before had not seen it.
  const Duration ago =
      std::min<Duration>(std::chrono::microseconds(now_us - beat_us), OwnClock::kLongestTurn);
  heard_at_ = std::max(heard_at_, clock.now() - ago);
  doubt_over_ = TimePoint::max();
}

bool Pulse::Lost(TimePoint now) {
  if (!Overdue(now)) {
    return false;
  }
  // The doubt begins once. A sign of life ends it: Hear.
  doubt_over_ = std::min(doubt_over_, now + kDoubt);
  return now >= doubt_over_;
}

TimePoint Pulse::next_deadline() const {
  if (doubt_over_ != TimePoint::max() || limit() == TimePoint::max()) {
    return doubt_over_;
  }
  return limit() + Duration(1);  // the limit itself is still allowed
}

TimePoint Pulse::limit() const {
  const Duration allowed = beat_us_ == 0 ? boot_ : timeout_;
  if (allowed == Duration::zero()) {
    return TimePoint::max();
  }
  // Who beats is silent for the length of a beat between two of them, however healthy.
  return heard_at_ + allowed + (beat_us_ == 0 ? Duration::zero() : kBeat);
}

}  // namespace sqlicorn
