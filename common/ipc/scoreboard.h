// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "common/base/result.h"
#include "common/ipc/shared_memory.h"
#include "common/ipc/worker_counters.h"

namespace sqlicorn {

// free -> booting (master, before the fork) -> ready -> stopping (worker) -> free (master, reaped)
enum class WorkerState : std::uint32_t { kFree, kBooting, kReady, kStopping };

// Which files a process has its database open on (FileKeyOf), 0 = none or not known. Written by
// that process, `database` last and taken back first; read by others that are about to open theirs.
struct alignas(64) OpenFiles {
  std::atomic<std::uint64_t> database;
  std::atomic<std::uint64_t> wal;
  std::atomic<std::uint64_t> shm;
};

// What master and workers tell each other, cache lines of their own per worker so that no worker's
// stores disturb another's. Counters grow for the life of one worker. Any worker can write any of
// it: whoever reads a word judges it, and what must be true stands in memory of the reader's own.
struct alignas(64) WorkerSlot {
  // Written by the master before the fork and after reaping, by the worker in between; read by the
  // master and, to share connections evenly, by the other workers.
  std::atomic<WorkerState> state;
  // 1: set by a worker that has served its max_requests and goes once a successor is ready.
  std::atomic<std::uint32_t> recycling;
  // Written by the worker: its open connections. Read by the other workers.
  std::atomic<std::uint32_t> connections;
  // 1 from when it serves: written by the worker, read by the master.
  std::atomic<std::uint32_t> ready;
  // MonotonicUs of the last heartbeat, 0 before the first: written by the worker, read by the
  // master and the others. How long it may be silent stands in the master's own memory.
  std::atomic<std::int64_t> beat_us;
  // Written by the worker, read by the master.
  std::atomic<std::uint64_t> requests;
  std::atomic<std::uint64_t> busy;  // answers that said the database is locked
  OpenFiles files;

  // What they say, judged; a number of connections that no process can have is 0.
  [[nodiscard]] std::uint32_t ReadConnections() const;

  // Makes the slot that of a new worker. REQUIRES: no process uses it.
  void Reset();
  void Free();
};

static_assert(sizeof(WorkerSlot) == 128);
static_assert(std::atomic<WorkerState>::is_always_lock_free);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

// One slot and one sheet of counters per possible worker, in memory made by the master before its
// first fork. (The name and its first rule, no pointers inside, are Apache httpd's.)
class Scoreboard {
 public:
  [[nodiscard]] static Result<Scoreboard> Create(std::size_t slots);

  [[nodiscard]] std::span<WorkerSlot> slots() const;

  // Sets the counters of a slot, and those of the first `rows` endpoints, to 0: nobody may look at
  // them before. REQUIRES: no process uses the slot.
  void ClearCounters(std::size_t slot, std::size_t rows) const;

  [[nodiscard]] CounterSheet counters(std::size_t slot) const;

 private:
  struct Sheet {
    WorkerCounters worker;
    std::array<EndpointCounters, kEndpointRows> endpoints;
  };

  Scoreboard(SharedMemory memory, SharedMemory sheets, std::size_t slots)
      : memory_(std::move(memory)), sheets_(std::move(sheets)), slots_(slots) {}

  [[nodiscard]] Sheet& sheet(std::size_t slot) const;

  SharedMemory memory_;
  SharedMemory sheets_;  // large, so that only what is used is ever touched
  std::size_t slots_;
};

}  // namespace sqlicorn
