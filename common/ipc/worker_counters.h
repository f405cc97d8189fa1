// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/ipc/shared_histogram.h"

namespace sqlicorn {

// Why SQLite said that the database is locked.
enum class LockCause {
  kBusy,      // SQLITE_BUSY: another connection has the lock
  kRecovery,  // SQLITE_BUSY_RECOVERY: another connection recovers the WAL
  kSnapshot,  // SQLITE_BUSY_SNAPSHOT: another one has written since this transaction's first read
  kTimeout,   // SQLITE_BUSY_TIMEOUT: a blocking lock took too long
};

constexpr std::size_t kLockCauses = 4;

using LockCounts = std::array<std::uint64_t, kLockCauses>;  // by LockCause
using LockCounters = std::array<std::atomic<std::uint64_t>, kLockCauses>;

// What one worker counts about its writes, in shared memory: written by that worker alone, read by
// the master. Counters grow for the life of the worker. Times are in microseconds.
struct alignas(64) WorkerCounters {
  // Requests for endpoints that write, answered; without the two below.
  std::atomic<std::uint64_t> writes{};
  std::atomic<std::uint64_t> queue_full{};     // refused at once: too many were waiting
  std::atomic<std::uint64_t> queue_timeout{};  // given up: the turn did not come in time
  // Turns in which a lock was met that is held outside the queue: by another program or, where
  // COMMIT waits for readers, by a reader; and how long they held the turn up.
  std::atomic<std::uint64_t> foreign_waits{};
  std::atomic<std::uint64_t> foreign_us{};
  // Times SQLite said so, whether the request was run again or not.
  LockCounters locked{};
  // Of a write: from its arrival until its transaction began, or until it was given up. Only where
  // it waits outside SQLite (retry, fifo, group).
  SharedHistogram wait_us;
  SharedHistogram hold_us;  // of a turn: from its acceptance until it was passed on
  SharedHistogram batch;    // requests in one transaction of a turn
};

// The same of one endpoint.
struct alignas(64) EndpointCounters {
  std::atomic<std::uint64_t> requests{};
  std::atomic<std::uint64_t> busy{};  // answers that said the database is locked
  LockCounters locked{};              // as above, without BEGIN and COMMIT of a shared transaction
  SharedHistogram wait_us;            // as above
};

// A master tells this many endpoints apart, over all its configurations; the last row is that of
// all others.
constexpr std::size_t kEndpointRows = 64;

// The counters of one worker.
struct CounterSheet {
  WorkerCounters& worker;
  std::span<EndpointCounters, kEndpointRows> endpoints;
};

struct EndpointCounts {
  std::uint64_t requests = 0;
  std::uint64_t busy = 0;
  LockCounts locked{};
  HistogramCounts wait_us{};
};

// What the counters of a worker, or of several, said at some instant.
struct WorkerCounts {
  std::uint64_t writes = 0;
  std::uint64_t queue_full = 0;
  std::uint64_t queue_timeout = 0;
  std::uint64_t foreign_waits = 0;
  std::uint64_t foreign_us = 0;
  std::uint64_t revocations = 0;  // grants taken back; the write queue knows them
  LockCounts locked{};
  HistogramCounts wait_us{};
  HistogramCounts hold_us{};
  HistogramCounts batch{};
  std::vector<EndpointCounts> endpoints{};  // by row; those beyond the end are 0

  void Add(const WorkerCounts& other);
};

// Reads the first `rows` endpoints.
[[nodiscard]] WorkerCounts ReadCounters(const CounterSheet& sheet, std::size_t rows);

}  // namespace sqlicorn
