// SPDX-License-Identifier: MIT
#include "worker/http/accept_balance.h"

#include <algorithm>

namespace sqlicorn {
namespace {

constexpr std::uint64_t kLongestMs = 5;

bool CanAccept(const WorkerSlot& slot, std::int64_t now_us) {
  return slot.state.load(std::memory_order_relaxed) == WorkerState::kReady &&
         slot.beat_us.load(std::memory_order_relaxed) > now_us - kAbsentAfterUs;
}

}  // namespace

Duration StandBackTime(std::span<const WorkerSlot> slots, std::size_t self, std::int64_t now_us) {
  const std::uint64_t own = slots[self].ReadConnections();
  std::uint64_t workers = 1;
  std::uint64_t connections = own;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (i != self && CanAccept(slots[i], now_us)) {
      ++workers;
      connections += slots[i].ReadConnections();
    }
  }
  if (own * workers <= connections) {
    return Duration::zero();
  }
  const std::uint64_t excess = (own * workers - connections + workers - 1) / workers;
  return std::chrono::milliseconds(std::min(excess, kLongestMs));
}

}  // namespace sqlicorn
