// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/base/histogram.h"

namespace sqlicorn {

// What a SharedHistogram held at some instant: plain counts that add up.
struct HistogramCounts {
  std::vector<std::uint64_t> buckets;  // empty = all 0
  std::uint64_t sum = 0;               // of the values, exact

  void Add(const HistogramCounts& other);

  [[nodiscard]] std::uint64_t count() const;

  // The value that `percent` of all values do not exceed, to the histogram's precision; none when
  // there are no values.
  [[nodiscard]] std::optional<double> Percentile(double percent) const;

  // The values that occurred and how often, ascending.
  [[nodiscard]] std::vector<std::pair<double, std::uint64_t>> Values() const;
};

// How often which value occurred, in shared memory: recorded by one process with plain stores, read
// by others at any time. Exact below 16; above that 8 buckets per power of two, and a value is told
// as the middle of its bucket, at most 6.25 % off. Values from 2^30 on (18 minutes in microseconds)
// count as that.
class SharedHistogram {
 public:
  static constexpr LogBuckets kLayout{3, 30};
  static constexpr std::size_t kBuckets = kLayout.count();

  void Record(std::uint64_t value);

  // A reader may see a value in its bucket and not yet in the sum.
  [[nodiscard]] HistogramCounts Read() const;

 private:
  std::array<std::atomic<std::uint64_t>, kBuckets> buckets_{};
  std::atomic<std::uint64_t> sum_{};
};

// Why SQLite said that the database is locked.
enum class LockCause {
  kBusy,      // SQLITE_BUSY: another connection has the lock
  kRecovery,  // SQLITE_BUSY_RECOVERY: another connection recovers the WAL
  kSnapshot,  // SQLITE_BUSY_SNAPSHOT: another one has written since this transaction's first read
  kTimeout,   // SQLITE_BUSY_TIMEOUT: a blocking lock took too long
};

constexpr std::size_t kLockCauses = 4;

// Why a request failed that was no matter of locks.
enum class FailureCause {
  kFull,        // SQLITE_FULL: the disk, or max_page_count
  kIo,          // SQLITE_IOERR and its kin
  kReadOnly,    // SQLITE_READONLY
  kCannotOpen,  // SQLITE_CANTOPEN
  kCorrupt,     // SQLITE_CORRUPT, SQLITE_NOTADB
  kMemory,      // SQLITE_NOMEM
  kConstraint,  // SQLITE_CONSTRAINT: the client's doing
  kOther,
};

constexpr std::size_t kFailureCauses = 8;

using FailureCounts = std::array<std::uint64_t, kFailureCauses>;  // by FailureCause
using AnswerCounts = std::array<std::uint64_t, 6>;                // by status / 100

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
  // Answers of the router and of endpoints; not the refusals of what is no request.
  std::array<std::atomic<std::uint64_t>, 6> answers{};              // by status / 100
  std::array<std::atomic<std::uint64_t>, kFailureCauses> failed{};  // by FailureCause
  // MonotonicUs when the turn under way met a lock from outside the queue; 0 = it has not.
  std::atomic<std::int64_t> foreign_since_us{};
  // Reads in slices. Now: they run, are held for their clients, wait in line.
  std::atomic<std::uint64_t> reads_running{};
  std::atomic<std::uint64_t> reads_held{};
  std::atomic<std::uint64_t> reads_waiting{};
  std::atomic<std::uint64_t> reads_begun{};    // ever
  std::atomic<std::uint64_t> reads_dropped{};  // ever: their place was wanted by others
  std::atomic<std::uint64_t> timed_out{};      // requests that were ended at statement_timeout
};

// The same of one endpoint.
struct alignas(64) EndpointCounters {
  std::atomic<std::uint64_t> requests{};
  std::atomic<std::uint64_t> busy{};      // answers that said the database is locked
  std::atomic<std::uint64_t> outdated{};  // answers that said a statement no longer prepares
  LockCounters locked{};    // as above, without BEGIN and COMMIT of a shared transaction
  SharedHistogram wait_us;  // as above
  std::atomic<std::uint64_t> errors{};  // answers from 400 on
  SharedHistogram run_us;  // of one execution of its statements, waits inside SQLite included
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
  std::uint64_t outdated = 0;
  LockCounts locked{};
  HistogramCounts wait_us{};
  std::uint64_t errors = 0;
  HistogramCounts run_us{};
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
  AnswerCounts answers{};
  FailureCounts failed{};
  std::int64_t foreign_now_us = 0;  // how long a foreign lock has held the turn up so far
  std::uint64_t reads_running = 0;
  std::uint64_t reads_held = 0;
  std::uint64_t reads_waiting = 0;
  std::uint64_t reads_begun = 0;
  std::uint64_t reads_dropped = 0;
  std::uint64_t timed_out = 0;

  // Of a worker that has ended: nothing is going on there.
  void ForgetWhatIsNow();

  void Add(const WorkerCounts& other);
};

// Reads the first `rows` endpoints. `now_us` is MonotonicUs.
[[nodiscard]] WorkerCounts ReadCounters(const CounterSheet& sheet, std::size_t rows,
                                        std::int64_t now_us);

}  // namespace sqlicorn
