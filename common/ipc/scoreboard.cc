// SPDX-License-Identifier: MIT
#include "common/ipc/scoreboard.h"

#include <new>
#include <utility>

#include "common/base/result.h"

namespace sqlicorn {

void WorkerSlot::Reset() {
  files.database = 0;
  connections = 0;
  recycling = 0;
  requests = 0;
  busy = 0;
  ready = 0;
  beat_us = 0;
  state = WorkerState::kBooting;
}

std::uint32_t WorkerSlot::ReadConnections() const {
  constexpr std::uint32_t kMostDescriptors = 1U << 30U;  // fs.nr_open is not more
  const std::uint32_t said = connections.load(std::memory_order_relaxed);
  return said <= kMostDescriptors ? said : 0;
}

void WorkerSlot::Free() {
  files.database = 0;
  connections = 0;
  beat_us = 0;
  state = WorkerState::kFree;
}

Result<Scoreboard> Scoreboard::Create(std::size_t slots) {
  auto memory = SharedMemory::Create(slots * sizeof(WorkerSlot));
  if (!memory) {
    return memory.error();
  }
  auto sheets = SharedMemory::Create(slots * sizeof(Sheet));
  if (!sheets) {
    return sheets.error();
  }
  new (memory->data()) WorkerSlot[slots]();
  return Scoreboard(std::move(*memory), std::move(*sheets), slots);
}

std::span<WorkerSlot> Scoreboard::slots() const {
  return {static_cast<WorkerSlot*>(memory_.data()), slots_};
}

Scoreboard::Sheet& Scoreboard::sheet(std::size_t slot) const {
  CHECK(slot < slots_);
  return static_cast<Sheet*>(sheets_.data())[slot];
}

void Scoreboard::ClearCounters(std::size_t slot, std::size_t rows) const {
  Sheet& cleared = sheet(slot);
  new (&cleared.worker) WorkerCounters();
  for (EndpointCounters& endpoint : std::span(cleared.endpoints).first(rows)) {
    new (&endpoint) EndpointCounters();
  }
}

CounterSheet Scoreboard::counters(std::size_t slot) const {
  return {sheet(slot).worker, sheet(slot).endpoints};
}

}  // namespace sqlicorn
