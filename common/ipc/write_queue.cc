// SPDX-License-Identifier: MIT
#include "common/ipc/write_queue.h"

#include <algorithm>
#include <memory>

#include "common/base/result.h"
#include "common/ipc/shared_memory.h"

namespace sqlicorn {
namespace {

// An owner word, from the top: 51 bits of ticket, the held bit, 12 bits of slot + 1.
constexpr unsigned kTicketShift = 13;
constexpr std::uint64_t kHeldBit = std::uint64_t{1} << 12U;
constexpr std::uint64_t kSlotMask = kHeldBit - 1;
static_assert(WriteQueueState::kMaxSlots <= kSlotMask);
constexpr std::uint64_t kTicketEnd = std::uint64_t{1} << (64 - kTicketShift);

// An instant of shared memory may be that of a process that read the clock later than we did, or
// was held up in between; one that is further ahead is none.
constexpr std::int64_t kClockSlackUs = 1'000'000;
constexpr std::int64_t kLongAgoUs = 3'600'000'000;

std::uint64_t GrantOf(std::uint64_t ticket, std::size_t slot) {
  return ticket << kTicketShift | (slot + 1);
}

bool IsHeld(std::uint64_t word) {
  return (word & kHeldBit) != 0;
}

bool IsOf(std::uint64_t word, std::size_t slot) {
  return (word & kSlotMask) == slot + 1;
}

std::size_t SlotOf(std::uint64_t word) {
  return static_cast<std::size_t>(word & kSlotMask) - 1;
}

std::uint64_t TicketOf(std::uint64_t word) {
  return word >> kTicketShift;
}

bool IsTicket(std::uint64_t word) {
  return word != 0 && word < kTicketEnd;
}

std::int64_t Since(std::int64_t then_us, std::int64_t now_us) {
  if (then_us <= 0 || then_us > now_us + kClockSlackUs) {
    return kLongAgoUs;
  }
  return std::clamp<std::int64_t>(now_us - then_us, 0, kLongAgoUs);
}

}  // namespace

WriteQueueState::WriteQueueState(std::size_t slots) {
  CHECK(slots <= kMaxSlots);
  std::uninitialized_value_construct_n(this->slots(slots).data(), slots);
}

std::size_t WriteQueueState::Bytes(std::size_t slots) {
  return sizeof(WriteQueueState) + slots * sizeof(Slot);
}

std::span<WriteQueueState::Slot> WriteQueueState::slots(std::size_t count) {
  // The slots follow the state in the same mapping.
  return {reinterpret_cast<Slot*>(this + 1), count};
}

// The word that grants the first in line; 0 when nobody is.
std::uint64_t WriteQueue::PickNext() {
  std::uint64_t best = 0;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::uint64_t ticket = slots_[i].ticket.Load();
    const bool sooner = IsTicket(ticket) && (best == 0 || ticket < TicketOf(best));
    if (sooner && slots_[i].suspended.Load() == 0) {
      best = GrantOf(ticket, i);
    }
  }
  return best;
}

std::uint64_t WriteQueue::TakeTicket() {
  std::uint64_t ticket = state_.next_ticket_.Increment();
  if (!IsTicket(ticket)) {
    // The count begins anew. Counted honestly that is never; a wild store can bring it here.
    state_.next_ticket_.Replace(ticket, 0);
    ticket = state_.next_ticket_.Increment();
  }
  return IsTicket(ticket) ? ticket : 1;
}

// A ticket is given out once, so a word whose ticket its slot does not have any more is about a
// place that has been given up, whoever is in the slot by now.
bool WriteQueue::IsStale(std::uint64_t word) const {
  const std::size_t slot = SlotOf(word);
  return slot >= slots_.size() || slots_[slot].ticket.Load() != TicketOf(word);
}

bool WriteQueue::InGap(std::int64_t now_us) const {
  const std::int64_t until_us = state_.gap_until_us_.Load();
  return now_us < until_us && until_us - now_us <= kForeignGapUs + kClockSlackUs;
}

void WriteQueue::TryGrant(std::int64_t now_us) {
  if (state_.owner_.Load() != 0 || InGap(now_us)) {
    return;
  }
  const std::uint64_t next = PickNext();
  if (next == 0) {
    state_.busy_since_us_.Store(0);
    return;
  }
  // Before the grant: who saw that with the time of the one before would find its lease over. When
  // another grants meanwhile our time stands for his: about the same, or too early if we were
  // stopped in between, and a grant that is revoked before its time costs no more than a wake-up.
  state_.granted_at_us_.Store(now_us);
  state_.busy_since_us_.Replace(0, now_us);
  if (state_.owner_.Replace(0, next)) {
    wake_(SlotOf(next));
  }
}

void WriteQueue::Enqueue(std::size_t self, std::int64_t now_us) {
  auto& slot = slots_[self];
  if (IsTicket(slot.ticket.Load())) {
    return;
  }
  // Before the ticket: with it we are in line, and one in line who is suspended is passed over.
  slot.suspended.Store(0);
  slot.ticket.Store(TakeTicket());
  // Not TryGrant: a stale grant may lie there, and when nobody waits nobody has looked at it.
  Tick(now_us);
}

bool WriteQueue::TryAccept(std::size_t self, std::int64_t now_us) {
  auto& slot = slots_[self];
  if (slot.suspended.Load() != 0) {
    slot.suspended.Store(0);
    // Whoever looked for the next one in the meantime has passed us over, and has left the turn to
    // nobody if there was no other.
    TryGrant(now_us);
  }
  const std::uint64_t word = state_.owner_.Load();
  if (!IsOf(word, self) || TicketOf(word) != slot.ticket.Load()) {
    return false;
  }
  // Fails when the lease ran out this very moment: then it is somebody else's turn.
  return IsHeld(word) || state_.owner_.Replace(word, word | kHeldBit);
}

WriteQueue::Handover WriteQueue::Release(std::size_t self, Next next, std::int64_t now_us) {
  auto& slot = slots_[self];
  const std::uint64_t word = state_.owner_.Load();
  slot.suspended.Store(0);
  // The ticket goes first. With it we would be our own heir below; and if we die or are stopped
  // before the owner changes, the word is stale, so that the next Tick of anybody mends it.
  slot.ticket.Store(next == Next::kMore ? TakeTicket() : 0);
  if (!IsHeld(word) || !IsOf(word, self)) {
    // Overwritten while we held it: whosever turn it is, ours is over.
    Tick(now_us);
    return Handover::kDone;
  }
  const std::uint64_t heir = PickNext();
  if (heir == 0) {
    state_.owner_.Replace(word, 0);
    // Somebody may have taken a ticket between our look at the line and the store.
    TryGrant(now_us);
    return Handover::kDone;
  }
  // A process that was stopped in TryGrant may have said "idle" much too late.
  state_.busy_since_us_.Replace(0, now_us);
  if (Since(state_.busy_since_us_.Load(), now_us) >= kForeignGapEveryUs) {
    // The gap is said before the turn is free, or another would grant it in between.
    state_.gap_until_us_.Store(now_us + kForeignGapUs);
    state_.busy_since_us_.Store(0);
    state_.owner_.Replace(word, 0);
    return Handover::kGap;
  }
  // From hand to hand, without a moment in which the turn is free and everybody tries to grant it.
  // When it fails our word was taken for stale and somebody has granted; the wake-up is one more
  // than needed then.
  state_.granted_at_us_.Store(now_us);
  state_.owner_.Replace(word, heir);
  wake_(SlotOf(heir));
  return Handover::kDone;
}

// The ticket first here too: nobody may grant to us between the two steps.
void WriteQueue::Leave(std::size_t self, std::int64_t now_us) {
  slots_[self].ticket.Store(0);
  const std::uint64_t word = state_.owner_.Load();
  if (IsOf(word, self) && state_.owner_.Replace(word, 0)) {
    TryGrant(now_us);
  }
}

// Any number of processes may be in here at once. Only the one whose swap succeeds goes on to
// grant, so that one fault is mended once.
void WriteQueue::Tick(std::int64_t now_us) {
  const std::uint64_t word = state_.owner_.Load();
  if (word == 0) {
    TryGrant(now_us);
  } else if (IsStale(word)) {
    // A held one too: who ends its turn gives its ticket up first.
    if (state_.owner_.Replace(word, 0)) {
      TryGrant(now_us);
    }
  } else if (!IsHeld(word) && Since(state_.granted_at_us_.Load(), now_us) > kLeaseUs) {
    Revoke(word, now_us);
  }
}

void WriteQueue::Revoke(std::uint64_t word, std::int64_t now_us) {
  auto& slot = slots_[SlotOf(word)];
  // First, so that nobody grants it again in between.
  slot.suspended.Store(1);
  if (state_.owner_.Replace(word, 0)) {
    slot.revoked.Increment();
    TryGrant(now_us);
  }
  // Also when it has accepted just now after all: it must learn that it is suspended.
  wake_(SlotOf(word));
}

void WriteQueue::Attach(std::size_t slot, std::int64_t now_us) {
  Reap(slot, now_us);
  slots_[slot].revoked.Store(0);
}

// Ends a turn that was accepted too: only here is it certain that its worker will never commit.
void WriteQueue::Reap(std::size_t slot_index, std::int64_t now_us) {
  auto& slot = slots_[slot_index];
  slot.ticket.Store(0);
  slot.suspended.Store(0);
  const std::uint64_t word = state_.owner_.Load();
  if (IsOf(word, slot_index)) {
    state_.owner_.Replace(word, 0);
  }
  Tick(now_us);
  // A wake-up that the dead worker owed to the present owner.
  const std::uint64_t present = state_.owner_.Load();
  if (present != 0 && !IsHeld(present) && !IsStale(present)) {
    wake_(SlotOf(present));
  }
}

std::size_t WriteQueue::waiting() const {
  std::size_t count = 0;
  for (const auto& slot : slots_) {
    count += IsTicket(slot.ticket.Load()) ? 1 : 0;
  }
  return count;
}

std::optional<WriteQueue::Turn> WriteQueue::turn(std::int64_t now_us) const {
  const std::uint64_t word = state_.owner_.Load();
  if (word == 0 || IsStale(word)) {
    return std::nullopt;
  }
  return Turn{SlotOf(word), Since(state_.granted_at_us_.Load(), now_us)};
}

std::uint64_t WriteQueue::revoked(std::size_t slot) const {
  return JudgedCount(slots_[slot].revoked.Load());
}

}  // namespace sqlicorn
