// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "common/base/clock.h"
#include "master/respawn_policy.h"

namespace sqlicorn {

// The children that look after the write-ahead log, as the master knows them: the checkpointer,
// beside the workers, and at the end the one that closes the database. At most one of the two
// lives.
struct Checkpointer {
  pid_t pid = 0;                 // 0 = there is none
  std::uint64_t generation = 0;  // of the configuration it was started with
  TimePoint spawned_at{};
  TimePoint kill_at = TimePoint::max();  // when it has been told to go and has not gone
  RespawnPolicy respawn;
  bool closed = false;  // the database, at the end

  [[nodiscard]] bool leaving() const { return kill_at != TimePoint::max(); }

  // Tells it to go, once, and by when.
  void Dismiss(TimePoint at_the_latest);
};

}  // namespace sqlicorn
