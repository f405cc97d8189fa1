// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

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

}  // namespace sqlicorn
