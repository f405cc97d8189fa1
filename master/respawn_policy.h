// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "common/base/clock.h"

namespace sqlicorn {

// When the next worker may be spawned. A worker that dies after it served is replaced at once; one
// that dies young makes the next wait, twice as long each time that its successors die young too,
// so that a crash loop does not eat the machine. Pure: the caller tells the time.
class RespawnPolicy {
 public:
  static constexpr Duration kYoung = std::chrono::seconds(2);
  static constexpr Duration kFirstDelay = std::chrono::milliseconds(100);
  static constexpr Duration kLongestDelay = std::chrono::seconds(10);

  // A worker crashed `lifetime` after it was spawned.
  void OnCrash(TimePoint now, Duration lifetime);

  // A worker was spawned: none for the next `pause`.
  void OnSpawn(TimePoint now, Duration pause) { pause_until_ = now + pause; }

  // The earliest instant for a spawn; in the past when nothing delays it.
  [[nodiscard]] TimePoint next_spawn() const { return std::max(next_spawn_, pause_until_); }

  [[nodiscard]] bool MaySpawn(TimePoint now) const { return now >= next_spawn(); }

 private:
  TimePoint next_spawn_{};
  TimePoint pause_until_{};
  Duration delay_ = Duration::zero();
};

}  // namespace sqlicorn
