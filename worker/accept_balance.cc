// SPDX-License-Identifier: MIT
#include "worker/accept_balance.h"

#include <cstdint>

namespace sqlicorn {

bool HoldsMoreThanItsShare(std::span<const WorkerSlot> slots, std::size_t self) {
  std::uint64_t workers = 0;
  std::uint64_t connections = 0;
  for (const WorkerSlot& slot : slots) {
    if (slot.state.load(std::memory_order_relaxed) == WorkerState::kReady) {
      ++workers;
      connections += slot.connections.load(std::memory_order_relaxed);
    }
  }
  return slots[self].connections.load(std::memory_order_relaxed) * workers > connections;
}

}  // namespace sqlicorn
