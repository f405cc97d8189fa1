// SPDX-License-Identifier: MIT
#include "common/ipc/write_queue.h"

#include <memory>

#include "common/base/check.h"

namespace sqlicorn {
namespace {

// An owner word: 32 bits of generation, a held bit, and slot + 1 below; 0 = nobody.
constexpr std::uint64_t kHeldBit = std::uint64_t{1} << 31U;
constexpr std::uint64_t kSlotMask = kHeldBit - 1;
constexpr unsigned kGenerationShift = 32;

}  // namespace

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

WriteQueueState::WriteQueueState(std::size_t slots) : slot_count_(slots) {
  std::uninitialized_value_construct_n(this->slots().data(), slots);
}

std::size_t WriteQueueState::Bytes(std::size_t slots) {
  return sizeof(WriteQueueState) + slots * sizeof(Slot);
}

std::span<WriteQueueState::Slot> WriteQueueState::slots() {
  // The slots follow the state in the same mapping.
  return {reinterpret_cast<Slot*>(this + 1), slot_count_};
}

std::uint64_t WriteQueue::Pack(const Owner& owner) {
  if (owner.none) {
    return 0;
  }
  return std::uint64_t{owner.generation} << kGenerationShift | (owner.held ? kHeldBit : 0) |
         (owner.slot + 1);
}

WriteQueue::Owner WriteQueue::Unpack(std::uint64_t word) {
  if (word == 0) {
    return {};
  }
  return {.none = false,
          .held = (word & kHeldBit) != 0,
          .slot = static_cast<std::size_t>(word & kSlotMask) - 1,
          .generation = static_cast<std::uint32_t>(word >> kGenerationShift)};
}

std::optional<WriteQueue::Owner> WriteQueue::PickNext() {
  std::optional<Owner> best;
  std::uint64_t best_ticket = 0;
  const auto slots = state_.slots();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::uint64_t ticket = slots[i].ticket;
    if (ticket == 0 || slots[i].suspended != 0 || (best && ticket >= best_ticket)) {
      continue;
    }
    best = Owner{.none = false, .held = false, .slot = i, .generation = slots[i].generation};
    best_ticket = ticket;
  }
  return best;
}

void WriteQueue::TryGrant(std::int64_t now_us) {
  if (state_.owner_ != 0 || now_us < state_.gap_until_us_) {
    return;
  }
  const auto next = PickNext();
  if (!next) {
    state_.busy_since_us_ = 0;
    return;
  }
  state_.granted_at_us_ = now_us;
  std::uint64_t nobody = 0;
  if (state_.owner_.compare_exchange_strong(nobody, Pack(*next))) {
    std::int64_t idle = 0;
    state_.busy_since_us_.compare_exchange_strong(idle, now_us);
    wake_(next->slot);
  }
}

void WriteQueue::Enqueue(std::size_t self, std::int64_t now_us) {
  auto& slot = state_.slots()[self];
  if (slot.ticket == 0) {
    slot.ticket = ++state_.next_ticket_;
  }
  TryGrant(now_us);
}

bool WriteQueue::TryAccept(std::size_t self, std::int64_t now_us) {
  auto& slot = state_.slots()[self];
  if (slot.suspended != 0) {
    slot.suspended = 0;
    TryGrant(now_us);
  }
  std::uint64_t word = state_.owner_;
  Owner owner = Unpack(word);
  if (owner.none || owner.slot != self || owner.generation != slot.generation) {
    return false;
  }
  if (owner.held) {
    return true;
  }
  owner.held = true;
  // Fails when the lease ran out this very moment: then it is somebody else's turn.
  return state_.owner_.compare_exchange_strong(word, Pack(owner));
}

WriteQueue::Handover WriteQueue::Release(std::size_t self, Next next, std::int64_t now_us) {
  auto& slot = state_.slots()[self];
  std::uint64_t word = state_.owner_;
  const Owner owner = Unpack(word);
  CHECK(owner.held && owner.slot == self);
  slot.ticket = next == Next::kMore ? ++state_.next_ticket_ : 0;
  const std::int64_t busy_since = state_.busy_since_us_;
  if (busy_since != 0 && now_us - busy_since >= kForeignGapEveryUs) {
    state_.gap_until_us_ = now_us + kForeignGapUs;
    state_.busy_since_us_ = 0;
    state_.owner_.compare_exchange_strong(word, 0);
    return Handover::kGap;
  }
  const auto heir = PickNext();
  state_.granted_at_us_ = now_us;
  state_.owner_.compare_exchange_strong(word, heir ? Pack(*heir) : 0);
  if (heir) {
    wake_(heir->slot);
  } else {
    // Somebody may have taken a ticket between our look at the line and the store.
    TryGrant(now_us);
  }
  return Handover::kDone;
}

void WriteQueue::Leave(std::size_t self, std::int64_t now_us) {
  state_.slots()[self].ticket = 0;
  std::uint64_t word = state_.owner_;
  const Owner owner = Unpack(word);
  if (!owner.none && owner.slot == self && state_.owner_.compare_exchange_strong(word, 0)) {
    TryGrant(now_us);
  }
}

void WriteQueue::Tick(std::int64_t now_us) {
  std::uint64_t word = state_.owner_;
  if (word == 0) {
    TryGrant(now_us);
    return;
  }
  const Owner owner = Unpack(word);
  if (owner.held) {
    return;
  }
  auto& slot = state_.slots()[owner.slot];
  const bool stale = slot.ticket == 0 || slot.generation != owner.generation;
  const bool expired = now_us - state_.granted_at_us_ > kLeaseUs;
  if (!stale && !expired) {
    return;
  }
  if (!stale) {
    slot.suspended = 1;
  }
  if (state_.owner_.compare_exchange_strong(word, 0)) {
    if (!stale) {
      ++slot.revoked;
      wake_(owner.slot);
    }
    TryGrant(now_us);
  } else if (!stale) {
    // It accepted just now after all.
    slot.suspended = 0;
  }
}

void WriteQueue::Attach(std::size_t slot_index, std::int64_t now_us) {
  Reap(slot_index, now_us);
  ++state_.slots()[slot_index].generation;
}

void WriteQueue::Reap(std::size_t slot_index, std::int64_t now_us) {
  auto& slot = state_.slots()[slot_index];
  slot.ticket = 0;
  slot.suspended = 0;
  std::uint64_t word = state_.owner_;
  const Owner owner = Unpack(word);
  if (!owner.none && owner.slot == slot_index) {
    state_.owner_.compare_exchange_strong(word, 0);
  }
  TryGrant(now_us);
  // A wake-up the dead worker owed to the present owner.
  if (const Owner present = Unpack(state_.owner_); !present.none && !present.held) {
    wake_(present.slot);
  }
}

std::size_t WriteQueue::waiting() const {
  std::size_t count = 0;
  for (const auto& slot : state_.slots()) {
    count += slot.ticket != 0 ? 1 : 0;
  }
  return count;
}

std::uint64_t WriteQueue::revoked(std::size_t slot) const {
  return state_.slots()[slot].revoked;
}

}  // namespace sqlicorn
