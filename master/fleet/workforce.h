// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/clock.h"

namespace sqlicorn {

// A worker as the decision about it needs it; oldest first in every list of them.
struct WorkerView {
  pid_t pid = 0;
  std::uint64_t generation = 0;
  bool ready = false;      // has told that it serves
  bool recycling = false;  // has done its max_requests and wants a successor
  bool leaving = false;    // has been told to go
};

struct WorkforcePlan {
  std::size_t spawn = 0;      // so many more of the serving generation
  std::size_t ready = 0;      // so many of the serving generation serve and stay
  std::vector<pid_t> retire;  // are to finish what they have and go
};

// What brings the workers to `wanted` of the serving generation. Replacements come first: a worker
// of another generation, or one that wants a successor, is retired only when as many as wanted are
// ready without it; so a reload, a failed reload and a recycled worker never leave a gap. Of too
// many the oldest go. Where `room`, that of all workers, is too small for both, they go one by one
// as replacements serve, those first that nothing needs.
// REQUIRES: wanted < room.
[[nodiscard]] WorkforcePlan PlanWorkforce(std::span<const WorkerView> workers,
                                          std::uint64_t serving, std::size_t wanted,
                                          std::size_t room);

// How a worker of ours has ended, when nobody told it to.
struct WorkerDeath {
  Duration lifetime{};  // since it was spawned
  Duration served{};    // since it was ready; zero when it never was
  bool killed = false;  // SIGKILL: no fault of its own, as far as anybody can tell
};

// When the next worker may be spawned. A worker that dies after it lived for a while, and one that
// served and is killed from outside, is replaced at once; one that dies young by its own fault
// makes the next wait, twice as long each time that its successors die young too, so that a crash
// loop does not eat the machine. Pure: the caller tells the time.
class RespawnPolicy {
 public:
  static constexpr Duration kYoung = std::chrono::seconds(2);
  static constexpr Duration kFirstDelay = std::chrono::milliseconds(100);
  static constexpr Duration kLongestDelay = std::chrono::seconds(10);
  // Who has been ready for so long has served.
  static constexpr Duration kProven = std::chrono::milliseconds(100);
  // So many in a row may be killed before they have served, as happens when somebody kills at
  // random; after that it is a crash loop, such as a memory limit that no worker can live within.
  static constexpr int kForgivenKills = 20;

  void OnDeath(TimePoint now, const WorkerDeath& death);

  // A worker was spawned: none for the next `pause`.
  void OnSpawn(TimePoint now, Duration pause) { pause_until_ = now + pause; }

  // The earliest instant for a spawn; in the past when nothing delays it.
  [[nodiscard]] TimePoint next_spawn() const { return std::max(next_spawn_, pause_until_); }

  [[nodiscard]] bool MaySpawn(TimePoint now) const { return now >= next_spawn(); }

 private:
  TimePoint next_spawn_{};
  TimePoint pause_until_{};
  Duration delay_ = Duration::zero();
  int killed_unproven_ = 0;  // in a row
};

}  // namespace sqlicorn
