// SPDX-License-Identifier: MIT
#include "common/ipc/scoreboard.h"

#include <new>
#include <utility>

namespace sqlicorn {

void WorkerSlot::Reset(std::int64_t boot_deadline_us) {
  connections = 0;
  recycling = 0;
  requests = 0;
  busy = 0;
  ready_at_us = 0;
  beat_us = 0;
  deadline_us = boot_deadline_us;
  state = WorkerState::kBooting;
}

void WorkerSlot::Free() {
  connections = 0;
  deadline_us = 0;
  state = WorkerState::kFree;
}

Result<Scoreboard> Scoreboard::Create(std::size_t slots) {
  auto memory = SharedMemory::Create(slots * sizeof(WorkerSlot));
  if (!memory) {
    return memory.error();
  }
  new (memory->data()) WorkerSlot[slots]();
  return Scoreboard(std::move(*memory), slots);
}

std::span<WorkerSlot> Scoreboard::slots() const {
  return {static_cast<WorkerSlot*>(memory_.data()), slots_};
}

}  // namespace sqlicorn
