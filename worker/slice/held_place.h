// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "worker/plan/outcome.h"

namespace sqlicorn {

// What decides whether a read that is held for its client has to give up its reader, which others
// wait for. All of them may be held by clients that never read.
struct PlaceFacts {
  std::size_t waiting = 0;     // in line
  std::size_t running = 0;     // now,
  std::size_t most = 0;        // and at most: the line may wait for these and not for a place
  bool room = true;            // a reader is idle, or can be opened
  std::int64_t silent_us = 0;  // for so long the client has taken nothing
};

// A client that has taken nothing for so long is in nobody's way while there is room, and has no
// right to a place after that.
inline constexpr std::int64_t kSilentUs = 1000000;

[[nodiscard]] bool GivesUpItsPlace(const PlaceFacts& facts);

// What is told of it.
[[nodiscard]] Outcome GaveUpItsPlace();

}  // namespace sqlicorn
