// SPDX-License-Identifier: MIT
#include "loadgen/run/replay_cursor.h"

#include <algorithm>

namespace sqlicorn::loadgen {

const Replay::Line* ReplayCursor::Take() {
  return next_ < replay_->lines.size() ? &replay_->lines[next_++] : nullptr;
}

void ReplayCursor::NoteSent(const Replay::Line& line, TimePoint now) {
  ++sent_;
  constexpr Duration kUnseen = std::chrono::milliseconds(10);
  const Duration lateness = now - DueAt(line);
  if (lateness > kUnseen) {
    ++lateness_.requests;
    lateness_.longest = std::max(lateness_.longest, lateness);
  }
}

}  // namespace sqlicorn::loadgen
