// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "common/base/clock.h"
#include "master/fleet/pulse.h"
#include "master/fleet/respawn_policy.h"

namespace sqlicorn {

// The children that look after the write-ahead log, as the master knows them: the checkpointer,
// beside the workers, and at the end the one that closes the database. At most one of the two
// lives.
struct Checkpointer {
  pid_t pid = 0;                 // 0 = there is none
  std::uint64_t generation = 0;  // of the configuration it was started with
  TimePoint spawned_at{};
  Pulse pulse{};
  TimePoint kill_at = TimePoint::max();  // as of WorkerRecord
  RespawnPolicy respawn;
  bool closed = false;  // the database, at the end

  [[nodiscard]] bool leaving() const { return kill_at != TimePoint::max(); }

  // When it is to be looked at, in the master's own time; TimePoint::max() when never.
  [[nodiscard]] TimePoint next_deadline() const;

  // Tells it to go, once, and by when.
  void Dismiss(TimePoint at_the_latest);
};

}  // namespace sqlicorn
