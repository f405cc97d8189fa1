// SPDX-License-Identifier: MIT
#include "common/ipc/worker_counters.h"

#include <algorithm>

#include "common/ipc/bump.h"

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
    counts[i] = ReadCount(counters[i]);
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
  const WorkerCounters& worker = sheet.worker;
  WorkerCounts counts{.writes = ReadCount(worker.writes),
                      .queue_full = ReadCount(worker.queue_full),
                      .queue_timeout = ReadCount(worker.queue_timeout),
                      .foreign_waits = ReadCount(worker.foreign_waits),
                      .foreign_us = ReadCount(worker.foreign_us),
                      .locked = Read(worker.locked),
                      .wait_us = worker.wait_us.Read(),
                      .hold_us = worker.hold_us.Read(),
                      .batch = worker.batch.Read()};
  for (const EndpointCounters& endpoint : sheet.endpoints.first(rows)) {
    counts.endpoints.push_back({.requests = ReadCount(endpoint.requests),
                                .busy = ReadCount(endpoint.busy),
                                .locked = Read(endpoint.locked),
                                .wait_us = endpoint.wait_us.Read()});
  }
  return counts;
}

}  // namespace sqlicorn
