// SPDX-License-Identifier: MIT
#include "tests/ipc/write_queue_model.h"

#include <algorithm>
#include <new>
#include <utility>

namespace sqlicorn {
namespace {

constexpr std::int64_t kTickUs = 4000;
constexpr std::int64_t kLongestHoldUs = 1000;
constexpr std::uint64_t kMostSteps = 200'000;
constexpr std::size_t kNobody = ~std::size_t{0};

std::byte* Place(std::byte* memory) {
  void* place = memory;
  std::size_t space = 1U << 20U;
  return static_cast<std::byte*>(std::align(64, 0, place, space));
}

}  // namespace

WriteQueueModel::WriteQueueModel(const Plan& plan)
    : plan_(plan),
      random_(plan.seed + 1),
      memory_(new std::byte[WriteQueueState::Bytes(plan.workers) + 64]()),
      state_(new (Place(memory_.get())) WriteQueueState(plan.workers)),
      queue_(*state_, plan.workers, [this](std::size_t slot) { Wake(slot); }),
      probe_(*state_),
      faults_left_(plan.faults) {
  SetStepHook([] { Fiber::Pause(); });
  for (std::size_t i = 0; i < plan.workers; ++i) {
    SpawnWorker(i);
  }
  actors_.back().fiber = std::make_unique<Fiber>([this] { LiveAsMaster(); });
}

WriteQueueModel::~WriteQueueModel() {
  SetStepHook(nullptr);
}

void WriteQueueModel::SpawnWorker(std::size_t self) {
  actors_[self] = {};
  actors_[self].fiber = std::make_unique<Fiber>([this, self] { LiveAsWorker(self); });
}

std::int64_t WriteQueueModel::Random(std::int64_t from, std::int64_t to) {
  return from + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(to - from + 1));
}

void WriteQueueModel::LiveAsWorker(std::size_t self) {
  for (;;) {
    if (!Sleep(self, Random(0, 3000))) {
      // Woken, though it does not wait: a stale grant.
      Call(self, [](WriteQueue& queue, std::int64_t now) { queue.Tick(now); });
    }
    Call(self, [=](WriteQueue& queue, std::int64_t now) { queue.Enqueue(self, now); });
    actors_[self].waiting_since = now_us_;
    if (Random(1, 10) == 1) {
      Sleep(self, Random(0, 100));
      Call(self, [=](WriteQueue& queue, std::int64_t now) { queue.Leave(self, now); });
      actors_[self].waiting_since = 0;
      continue;
    }
    while (actors_[self].waiting_since != 0) {
      WaitForTurn(self);
      HoldTurn(self);
    }
  }
}

void WriteQueueModel::WaitForTurn(std::size_t self) {
  const auto accept = [=](WriteQueue& queue, std::int64_t now) {
    return queue.TryAccept(self, now);
  };
  while (!Call(self, accept)) {
    if (Sleep(self, kTickUs) && !Call(self, accept)) {
      Call(self, [](WriteQueue& queue, std::int64_t now) { queue.Tick(now); });
    }
  }
}

void WriteQueueModel::HoldTurn(std::size_t self) {
  Actor& actor = actors_[self];
  actor.inside = true;
  for (std::size_t i = 0; i < plan_.workers; ++i) {
    if (i != self && actors_[i].inside) {
      Fail("two workers hold the turn");
    }
  }
  actor.waiting_since = 0;
  const std::int64_t until = now_us_ + Random(0, kLongestHoldUs);
  while (now_us_ < until) {
    Sleep(self, until - now_us_);
  }
  const bool more = Random(0, 2) != 0;
  actor.inside = false;
  actor.waiting_since = more ? now_us_ : 0;
  const auto next = more ? WriteQueue::Next::kMore : WriteQueue::Next::kDone;
  const auto handover = Call(
      self, [=](WriteQueue& queue, std::int64_t now) { return queue.Release(self, next, now); });
  ++turns_;
  if (handover == WriteQueue::Handover::kGap) {
    gap_ = true;
    const std::int64_t gap_end = now_us_ + WriteQueue::kForeignGapUs;
    while (now_us_ < gap_end) {
      Sleep(self, gap_end - now_us_);
    }
    Call(self, [](WriteQueue& queue, std::int64_t now) { queue.Tick(now); });
  }
}

void WriteQueueModel::LiveAsMaster() {
  const std::size_t self = kMaxActors - 1;
  for (;;) {
    for (std::size_t i = 0; i < plan_.workers; ++i) {
      if (actors_[i].dead_until && *actors_[i].dead_until <= now_us_) {
        actors_[i].inside = false;
        Call(self, [=](WriteQueue& queue, std::int64_t now) { queue.Reap(i, now); });
        SpawnWorker(i);
      }
    }
    Sleep(self, 100);
  }
}

bool WriteQueueModel::Sleep(std::size_t self, std::int64_t us) {
  Actor& actor = actors_[self];
  actor.asleep_until = now_us_ + us;
  while (!actor.woken && now_us_ < actor.asleep_until) {
    Fiber::Pause();
  }
  actor.asleep_until = 0;
  return !std::exchange(actor.woken, false);
}

void WriteQueueModel::Wake(std::size_t slot) {
  if (Random(0, 99) >= plan_.lost_of_100) {
    actors_[slot].woken = true;
  }
}

std::size_t WriteQueueModel::ChooseActor() {
  std::array<std::size_t, kMaxActors> ready{};
  std::size_t count = 0;
  std::int64_t soonest = now_us_ + kTickUs;
  for (std::size_t i = 0; i < kMaxActors; ++i) {
    const Actor& actor = actors_[i];
    if (actor.fiber == nullptr || actor.dead_until) {
      continue;
    }
    const std::int64_t at = std::max(actor.woken ? 0 : actor.asleep_until, actor.stopped_until);
    soonest = std::min(soonest, at);
    if (at <= now_us_) {
      ready[count++] = i;
    }
  }
  if (count == 0) {
    now_us_ = soonest;
    return kNobody;
  }
  return ready[static_cast<std::size_t>(Random(0, static_cast<std::int64_t>(count) - 1))];
}

// Stops or kills a worker, wherever it is.
void WriteQueueModel::Hurt() {
  Actor& actor =
      actors_[static_cast<std::size_t>(Random(0, static_cast<std::int64_t>(plan_.workers) - 1))];
  if (actor.dead_until || faults_left_ == 0) {
    return;
  }
  --faults_left_;
  const std::int64_t us = Random(0, 15'000);
  fault_us_ += us + kTickUs;
  if (Random(0, 1) == 0) {
    actor.stopped_until = now_us_ + us;
  } else {
    actor.dead_until = now_us_ + us;
    actor.waiting_since = 0;
  }
}

std::string WriteQueueModel::Run(int turns) {
  while (turns_ < turns && broken_.empty()) {
    const std::size_t mover = ChooseActor();
    if (mover == kNobody) {
      continue;
    }
    // Of the access that comes now; the next call may begin right after it.
    const std::uint64_t call_began = actors_[mover].call_began;
    actors_[mover].fiber->Continue();
    ++step_;
    now_us_ += Random(0, 3);
    Check(mover, call_began);
    if (faults_left_ > 0 && Random(0, 150) == 0) {
      Hurt();
    }
    if (step_ > kMostSteps) {
      Fail("nobody gets anywhere");
    }
  }
  return broken_;
}

void WriteQueueModel::Check(std::size_t mover, std::uint64_t call_began) {
  const auto now = probe_.owner();
  if (now != owner_) {
    if (owner_.held && actors_[owner_.slot].inside && mover != kMaxActors - 1) {
      Fail("the turn of a worker that holds it was taken");
    }
    if (now.ticket != 0 && !now.held) {
      CheckGrant(call_began, now);
    }
    owner_ = now;
    gap_ = gap_ && now.ticket == 0;
  }
  for (std::size_t i = 0; i < plan_.workers; ++i) {
    const std::uint64_t ticket = probe_.suspended(i) ? 0 : probe_.ticket(i);
    if (ticket != actors_[i].ticket) {
      actors_[i].ticket = ticket;
      actors_[i].in_line_since = step_;
    }
  }
  CheckRest();
  CheckWaits();
}

// Who was in line before the granter looked at it, and still is, was not passed over.
void WriteQueueModel::CheckGrant(std::uint64_t call_began, const WriteQueueProbe::Owner& now) {
  for (std::size_t i = 0; i < plan_.workers; ++i) {
    const Actor& other = actors_[i];
    const bool in_line = other.ticket != 0 && other.ticket == probe_.ticket(i);
    if (in_line && other.in_line_since <= call_began && other.ticket < now.ticket) {
      Fail("a worker was passed over");
    }
  }
}

// With nobody at work in the queue, the turn is not left lying while somebody is in line.
void WriteQueueModel::CheckRest() {
  const bool working =
      std::any_of(actors_.begin(), actors_.end(), [](const Actor& actor) { return actor.in_call; });
  if (working || gap_ || owner_.ticket != 0 || plan_.faults > 0) {
    return;
  }
  for (std::size_t i = 0; i < plan_.workers; ++i) {
    if (actors_[i].ticket != 0) {
      Fail("nobody was granted though a worker is in line");
    }
  }
}

void WriteQueueModel::CheckWaits() {
  const std::int64_t each = kLongestHoldUs + (plan_.lost_of_100 > 0 ? kTickUs : 500);
  const std::int64_t bound =
      static_cast<std::int64_t>(plan_.workers) * each + 2 * kTickUs + fault_us_;
  for (std::size_t i = 0; i < plan_.workers; ++i) {
    const Actor& actor = actors_[i];
    if (actor.waiting_since != 0 && now_us_ - actor.waiting_since > bound) {
      Fail("worker " + std::to_string(i) + " waits too long");
    }
  }
}

void WriteQueueModel::Fail(const std::string& what) {
  if (broken_.empty()) {
    broken_ = what + " (seed " + std::to_string(plan_.seed) + ", step " + std::to_string(step_) +
              ", turn " + std::to_string(turns_) + ")";
  }
}

}  // namespace sqlicorn
