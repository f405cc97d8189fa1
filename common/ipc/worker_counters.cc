// SPDX-License-Identifier: MIT
#include "common/ipc/worker_counters.h"

#include <algorithm>

namespace sqlicorn {

void WorkerCounts::Add(const WorkerCounts& other) {
  writes += other.writes;
  queue_full += other.queue_full;
  queue_timeout += other.queue_timeout;
  foreign_waits += other.foreign_waits;
  foreign_us += other.foreign_us;
  revocations += other.revocations;
  for (std::size_t i = 0; i < kLockCauses; ++i) {
    locked[i] += other.locked[i];
  }
  wait_us.Add(other.wait_us);
  hold_us.Add(other.hold_us);
  batch.Add(other.batch);
  endpoints.resize(std::max(endpoints.size(), other.endpoints.size()));
  for (std::size_t i = 0; i < other.endpoints.size(); ++i) {
    endpoints[i].requests += other.endpoints[i].requests;
    endpoints[i].busy += other.endpoints[i].busy;
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
                      .wait_us = worker.wait_us.Read(),
                      .hold_us = worker.hold_us.Read(),
                      .batch = worker.batch.Read()};
  for (std::size_t i = 0; i < kLockCauses; ++i) {
    counts.locked[i] = worker.locked[i].load(kRelaxed);
  }
  for (const EndpointCounters& endpoint : sheet.endpoints.first(rows)) {
    counts.endpoints.push_back({.requests = endpoint.requests.load(kRelaxed),
                                .busy = endpoint.busy.load(kRelaxed),
                                .wait_us = endpoint.wait_us.Read()});
  }
  return counts;
}

}  // namespace sqlicorn
