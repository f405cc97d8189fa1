// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>

#include "common/ipc/shared_memory.h"

namespace sqlicorn {

// The FIFO queue of all processes that want to write to one database, in shared memory. One entry
// per worker, first come first served between workers; within a worker its requests queue in its
// own memory. The queue is advice: SQLite's locks stay on, so a fault here costs time, never data.
//
//   free -> granted(w) -> held(w) -> free, or at once granted(next)
//              |  not accepted within the lease: w is suspended, granted(next)
//
// Every transition is one compare-and-swap, and repeating one does nothing, so a process may die or
// be stopped between any two instructions: what it left is healed by Reap (when it is dead) or by
// the Tick of whoever waits. Nobody ever takes the turn from a worker that has accepted it; only
// its death ends it.
//
// Any process can write any word, a broken one also nonsense. Whoever reads a word judges it: an
// owner that is no slot or does not have that ticket is stale, a number that is no ticket is no
// place in line, an instant that has not come is long ago. So no value harms a reader, and the line
// moves again within a few milliseconds of the last wild store.
class WriteQueueState {
 public:
  // REQUIRES: Bytes(slots) bytes of zeroed memory at `this`, slots <= kMaxSlots. How many there are
  // is not kept here, where every process could write it.
  explicit WriteQueueState(std::size_t slots);

  ~WriteQueueState() = default;
  WriteQueueState(const WriteQueueState&) = delete;
  WriteQueueState& operator=(const WriteQueueState&) = delete;

  static constexpr std::size_t kMaxSlots = 2048;

  // Bytes of shared memory for that many workers.
  [[nodiscard]] static std::size_t Bytes(std::size_t slots);

 private:
  friend class WriteQueue;
  friend class WriteQueueProbe;  // tests look at every word

  struct alignas(64) Slot {
    // 0 = does not want to write; else its place in line, which nobody else has or will have.
    // Written by its worker, cleared by the master when that is dead; read by all.
    SharedWord<std::uint64_t> ticket;
    // Set by whoever found that its worker let a grant lie, who wakes it then; cleared by its
    // worker alone, so that of two who find so neither takes back what the other said.
    SharedWord<std::uint32_t> suspended;
    // Times a grant to this worker was revoked; written by the others.
    SharedWord<std::uint64_t> revoked;
  };

  [[nodiscard]] std::span<Slot> slots(std::size_t count);

  // Whose turn it is: ticket, held bit and slot + 1 in one word; 0 = nobody's. A grant for a ticket
  // that its slot no longer has is stale: the worker has left or died since.
  alignas(64) SharedWord<std::uint64_t> owner_;
  alignas(64) SharedWord<std::uint64_t> next_ticket_;
  SharedWord<std::int64_t> granted_at_us_;  // MonotonicUs of the last grant
  // Since when turns have followed each other without a gap; 0 = the queue is idle.
  SharedWord<std::int64_t> busy_since_us_;
  // Nobody is granted before this instant: the chance of programs that are not in the queue.
  SharedWord<std::int64_t> gap_until_us_;
};

// One process' hands on the queue: the protocol, without clock and without I/O.
class WriteQueue {
 public:
  static constexpr std::int64_t kLeaseUs = 3000;
  static constexpr std::int64_t kForeignGapEveryUs = 40'000;
  static constexpr std::int64_t kForeignGapUs = 2000;

  // `state` was made for so many slots. `wake(slot)` makes the worker of that slot call TryAccept
  // soon; it may be called too often, from any process, and may get lost. Both outlive the queue.
  WriteQueue(WriteQueueState& state, std::size_t slots, std::function<void(std::size_t)> wake)
      : state_(state), slots_(state.slots(slots)), wake_(std::move(wake)) {}

  // The worker of `self` has something to write: it takes its place in line, if it has none. Who
  // waits says so again now and then: its place may have been overwritten.
  void Enqueue(std::size_t self, std::int64_t now_us);

  // True when it is `self`'s turn, which it holds from now on until Release. Like everything that
  // `self` calls a sign of life, which ends a suspension.
  [[nodiscard]] bool TryAccept(std::size_t self, std::int64_t now_us);

  enum class Next {
    kDone,  // nothing more to write
    kMore,  // back to the end of the line
  };

  enum class Handover {
    kDone,
    // Turns had followed each other for so long that programs outside the queue, which poll, had no
    // chance at the lock: nobody was granted, and the caller calls Tick after kForeignGapUs.
    kGap,
  };

  // Ends the turn and hands it on. REQUIRES: TryAccept has said that `self` holds it.
  Handover Release(std::size_t self, Next next, std::int64_t now_us);

  // `self` no longer wants to write. REQUIRES: it does not hold the turn.
  void Leave(std::size_t self, std::int64_t now_us);

  // Whoever waits calls TryAccept and, when that says no, this every few milliseconds: it revokes a
  // grant that was not accepted within the lease, and mends what a dead process left behind.
  void Tick(std::int64_t now_us);

  // Called in the master before the fork of a new worker for the slot.
  void Attach(std::size_t slot, std::int64_t now_us);

  // Called in the master after waitpid has told that the slot's worker is dead: the kernel has
  // dropped its file locks by then.
  void Reap(std::size_t slot, std::int64_t now_us);

  // Workers in line, the one whose turn it is included.
  [[nodiscard]] std::size_t waiting() const;

  struct Turn {
    std::size_t slot;
    std::int64_t age_us;  // since it was granted
  };

  // Whose turn it is, accepted or not; none while nobody's.
  [[nodiscard]] std::optional<Turn> turn(std::int64_t now_us) const;

  // Grants that were taken back from the worker of the slot since Attach.
  [[nodiscard]] std::uint64_t revoked(std::size_t slot) const;

 private:
  [[nodiscard]] std::uint64_t PickNext();
  [[nodiscard]] std::uint64_t TakeTicket();
  // REQUIRES: `word` is not 0.
  [[nodiscard]] bool IsStale(std::uint64_t word) const;
  [[nodiscard]] bool InGap(std::int64_t now_us) const;
  void TryGrant(std::int64_t now_us);
  void Revoke(std::uint64_t word, std::int64_t now_us);

  WriteQueueState& state_;
  std::span<WriteQueueState::Slot> slots_;
  std::function<void(std::size_t)> wake_;
};

}  // namespace sqlicorn
