// SPDX-License-Identifier: MIT
#include "common/ipc/worker_counters.h"

#include <algorithm>
#include <numeric>

#include "common/base/histogram.h"
#include "common/ipc/shared_memory.h"

namespace sqlicorn {
namespace {

template <std::size_t N>
void AddTo(std::array<std::uint64_t, N>& sum, const std::array<std::uint64_t, N>& other) {
  for (std::size_t i = 0; i < N; ++i) {
    sum[i] += other[i];
  }
}

template <std::size_t N>
std::array<std::uint64_t, N> Read(const std::array<std::atomic<std::uint64_t>, N>& counters) {
  std::array<std::uint64_t, N> counts{};
  for (std::size_t i = 0; i < N; ++i) {
    counts[i] = ReadCount(counters[i]);
  }
  return counts;
}

// 0 where there is no lock, or the worker's word is no instant of the past.
std::int64_t AgeUs(std::int64_t since_us, std::int64_t now_us) {
  return since_us > 0 && since_us < now_us ? now_us - since_us : 0;
}

}  // namespace

void HistogramCounts::Add(const HistogramCounts& other) {
  buckets.resize(std::max(buckets.size(), other.buckets.size()));
  for (std::size_t i = 0; i < other.buckets.size(); ++i) {
    buckets[i] += other.buckets[i];
  }
  sum += other.sum;
}

std::uint64_t HistogramCounts::count() const {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

std::optional<double> HistogramCounts::Percentile(double percent) const {
  const std::uint64_t all = count();
  if (all == 0) {
    return std::nullopt;
  }
  const auto at = FindRank(buckets, PercentileRank(all, percent));
  return SharedHistogram::kLayout.MiddleOf(static_cast<std::size_t>(at - buckets.begin()));
}

std::vector<std::pair<double, std::uint64_t>> HistogramCounts::Values() const {
  std::vector<std::pair<double, std::uint64_t>> values;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets[i] > 0) {
      values.emplace_back(SharedHistogram::kLayout.MiddleOf(i), buckets[i]);
    }
  }
  return values;
}

void SharedHistogram::Record(std::uint64_t value) {
  Bump(buckets_[kLayout.IndexOf(std::min(value, kLayout.greatest_value()))]);
  Bump(sum_, value);
}

HistogramCounts SharedHistogram::Read() const {
  HistogramCounts counts;
  counts.buckets.reserve(kBuckets);
  for (const auto& bucket : buckets_) {
    counts.buckets.push_back(ReadCount(bucket));
  }
  counts.sum = ReadCount(sum_);
  return counts;
}

void WorkerCounts::ForgetWhatIsNow() {
  foreign_now_us = 0;
  reads_running = 0;
  reads_held = 0;
  reads_waiting = 0;
}

void WorkerCounts::Add(const WorkerCounts& other) {
  writes += other.writes;
  queue_full += other.queue_full;
  queue_timeout += other.queue_timeout;
  foreign_waits += other.foreign_waits;
  foreign_us += other.foreign_us;
  revocations += other.revocations;
  AddTo(locked, other.locked);
  AddTo(answers, other.answers);
  AddTo(failed, other.failed);
  foreign_now_us = std::max(foreign_now_us, other.foreign_now_us);
  reads_running += other.reads_running;
  reads_held += other.reads_held;
  reads_waiting += other.reads_waiting;
  reads_begun += other.reads_begun;
  reads_dropped += other.reads_dropped;
  timed_out += other.timed_out;
  wait_us.Add(other.wait_us);
  hold_us.Add(other.hold_us);
  batch.Add(other.batch);
  endpoints.resize(std::max(endpoints.size(), other.endpoints.size()));
  for (std::size_t i = 0; i < other.endpoints.size(); ++i) {
    endpoints[i].requests += other.endpoints[i].requests;
    endpoints[i].busy += other.endpoints[i].busy;
    endpoints[i].outdated += other.endpoints[i].outdated;
    AddTo(endpoints[i].locked, other.endpoints[i].locked);
    endpoints[i].wait_us.Add(other.endpoints[i].wait_us);
    endpoints[i].errors += other.endpoints[i].errors;
    endpoints[i].run_us.Add(other.endpoints[i].run_us);
  }
}

WorkerCounts ReadCounters(const CounterSheet& sheet, std::size_t rows, std::int64_t now_us) {
  const WorkerCounters& worker = sheet.worker;
  WorkerCounts counts{
      .writes = ReadCount(worker.writes),
      .queue_full = ReadCount(worker.queue_full),
      .queue_timeout = ReadCount(worker.queue_timeout),
      .foreign_waits = ReadCount(worker.foreign_waits),
      .foreign_us = ReadCount(worker.foreign_us),
      .locked = Read(worker.locked),
      .wait_us = worker.wait_us.Read(),
      .hold_us = worker.hold_us.Read(),
      .batch = worker.batch.Read(),
      .answers = Read(worker.answers),
      .failed = Read(worker.failed),
      .foreign_now_us = AgeUs(worker.foreign_since_us.load(std::memory_order_relaxed), now_us),
      .reads_running = ReadCount(worker.reads_running),
      .reads_held = ReadCount(worker.reads_held),
      .reads_waiting = ReadCount(worker.reads_waiting),
      .reads_begun = ReadCount(worker.reads_begun),
      .reads_dropped = ReadCount(worker.reads_dropped),
      .timed_out = ReadCount(worker.timed_out)};
  for (const EndpointCounters& endpoint : sheet.endpoints.first(rows)) {
    counts.endpoints.push_back({.requests = ReadCount(endpoint.requests),
                                .busy = ReadCount(endpoint.busy),
                                .outdated = ReadCount(endpoint.outdated),
                                .locked = Read(endpoint.locked),
                                .wait_us = endpoint.wait_us.Read(),
                                .errors = ReadCount(endpoint.errors),
                                .run_us = endpoint.run_us.Read()});
  }
  return counts;
}

}  // namespace sqlicorn
