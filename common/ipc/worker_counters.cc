// SPDX-License-Identifier: MIT
#include "common/ipc/worker_counters.h"

#include <algorithm>

namespace sqlicorn {
namespace {

void AddTo(LockCounts& sum, const LockCounts& other) {
  for (std::size_t i = 0; i < kLockCauses; ++i) {
    sum[i] += other[i];
  }
}

LockCounts Read(const LockCounters& counters) {
  LockCounts counts{};
  for (std::size_t i = 0; i < kLockCauses; ++i) {
    counts[i] = counters[i].load(std::memory_order_relaxed);
  }
  return counts;
}

}  // namespace

void WorkerCounts::Add(const WorkerCounts& other) {
  writes += other.writes;
  queue_full += other.queue_full;
  queue_timeout += other.queue_timeout;
  foreign_waits += other.foreign_waits;
  foreign_us += other.foreign_us;
  revocations += other.revocations;
  AddTo(locked, other.locked);
  wait_us.Add(other.wait_us);
  hold_us.Add(other.hold_us);
  batch.Add(other.batch);
  endpoints.resize(std::max(endpoints.size(), other.endpoints.size()));
  for (std::size_t i = 0; i < other.endpoints.size(); ++i) {
    endpoints[i].requests += other.endpoints[i].requests;
    endpoints[i].busy += other.endpoints[i].busy;
    AddTo(endpoints[i].locked, other.endpoints[i].locked);
    endpoints[i].wait_us.Add(other.endpoints[i].wait_us);
  }
}

WorkerCounts ReadCounters(const CounterSheet& sheet, std::size_t rows) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  const WorkerCounters& worker = sheet.worker;
  WorkerCounts counts{.writes = worker.writes.load(kRelaxed),
                      .queue_full = worker.queue_full.load(kRelaxed),
                      .queue_timeout = worker.queue_timeout.load(kRelaxed),
                      .foreign_waits = worker.foreign_waits.load(kRelaxed),
                      .foreign_us = worker.foreign_us.load(kRelaxed),
                      .locked = Read(worker.locked),
                      .wait_us = worker.wait_us.Read(),
                      .hold_us = worker.hold_us.Read(),
                      .batch = worker.batch.Read()};
  for (const EndpointCounters& endpoint : sheet.endpoints.first(rows)) {
    counts.endpoints.push_back({.requests = endpoint.requests.load(kRelaxed),
                                .busy = endpoint.busy.load(kRelaxed),
                                .locked = Read(endpoint.locked),
                                .wait_us = endpoint.wait_us.Read()});
  }
  return counts;
}

}  // namespace sqlicorn
