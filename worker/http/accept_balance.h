// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/clock.h"
#include "common/ipc/scoreboard.h"

namespace sqlicorn {

// A worker that has not beaten for so long is hung or held by SQLite: nobody waits for it. Workers
// beat every quarter of a second.
inline constexpr std::int64_t kAbsentAfterUs = 600'000;

// How long worker `self` lets the others try first when a connection waits. All workers listen on
// the same socket and the kernel wakes whoever it likes; without this the fastest takes most. A
// millisecond for every connection it holds above the mean of the workers that can accept, at most
// five: a worker that has long been without the processor still gets its share, and one that cannot
// accept costs the clients of the others no more than that.
[[nodiscard]] Duration StandBackTime(std::span<const WorkerSlot> slots, std::size_t self,
                                     std::int64_t now_us);

}  // namespace sqlicorn
