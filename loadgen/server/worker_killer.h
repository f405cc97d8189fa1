// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <random>

#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn::loadgen {

// Kills a child of a server's command with SIGKILL, one at a time, at random moments: whoever keeps
// what it has acknowledged loses nothing by it. Ends when it is destroyed.
class WorkerKiller {
 public:
  // `seed` makes the moments and the choice; which process it falls on the machine decides.
  WorkerKiller(Loop& loop, pid_t keeper, std::uint64_t seed);

  void Start();

  [[nodiscard]] std::uint64_t killed() const { return killed_; }

 private:
  void KillOne();

  pid_t keeper_;
  std::mt19937_64 random_;
  Timer moment_;
  std::uint64_t killed_ = 0;
};

}  // namespace sqlicorn::loadgen
