// SPDX-License-Identifier: MIT
#include "common/ipc/write_queue.h"

#include <memory>
#include <new>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

constexpr std::int64_t kLate = WriteQueue::kLeaseUs + 1;
constexpr std::size_t kSlots = 4;

// A queue in plain memory with a clock that the test moves.
class WriteQueueTable : public testing::Test {
 protected:
  void Enqueue(std::size_t slot) { queue_.Enqueue(slot, now_us_); }

  bool Accepts(std::size_t slot) { return queue_.TryAccept(slot, now_us_); }

  auto Release(std::size_t slot, WriteQueue::Next next = WriteQueue::Next::kDone) {
    return queue_.Release(slot, next, now_us_);
  }

  void Tick() { queue_.Tick(now_us_); }

  // Slots in the order in which they get their turns, until nobody is left.
  std::vector<std::size_t> Drain() {
    std::vector<std::size_t> order;
    for (bool found = true; found;) {
      found = false;
      for (std::size_t slot = 0; slot < kSlots; ++slot) {
        if (queue_.waiting() > 0 && Accepts(slot)) {
          order.push_back(slot);
          Release(slot);
          found = true;
        }
      }
    }
    return order;
  }

  struct alignas(64) Memory {
    std::byte bytes[4096]{};
  };

  std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
  WriteQueueState* state_ = new (memory_.get()) WriteQueueState(kSlots);
  std::vector<std::size_t> woken_;
  WriteQueue queue_{*state_, kSlots, [this](std::size_t slot) { woken_.push_back(slot); }};
  std::int64_t now_us_ = 1'000'000;
};

using Slots = std::vector<std::size_t>;

TEST_F(WriteQueueTable, TellsWhoseTurnItIsAndSinceWhen) {
  EXPECT_FALSE(queue_.turn(now_us_));
  Enqueue(2);
  now_us_ += 5;
  ASSERT_TRUE(Accepts(2));
  Enqueue(1);
  ASSERT_TRUE(queue_.turn(now_us_));
  EXPECT_EQ(queue_.turn(now_us_)->slot, 2U);
  EXPECT_EQ(queue_.turn(now_us_)->age_us, 5);
  Release(2);
  EXPECT_EQ(queue_.turn(now_us_)->slot, 1U);
  queue_.Leave(1, now_us_);
  EXPECT_FALSE(queue_.turn(now_us_));
}

TEST_F(WriteQueueTable, GrantsAFreeTurnAtOnce) {
  Enqueue(2);
  EXPECT_EQ(woken_, Slots{2});
  EXPECT_TRUE(Accepts(2));
  EXPECT_EQ(Release(2), WriteQueue::Handover::kDone);
  EXPECT_FALSE(Accepts(2));
  EXPECT_EQ(queue_.waiting(), 0U);
}

TEST_F(WriteQueueTable, GrantsInArrivalOrder) {
  for (const std::size_t slot : {3, 0, 2, 1}) {
    Enqueue(slot);
  }
  EXPECT_FALSE(Accepts(0));
  EXPECT_EQ(Drain(), (Slots{3, 0, 2, 1}));
}

TEST_F(WriteQueueTable, SendsWhoHasMoreToTheEndOfTheLine) {
  Enqueue(0);
  Enqueue(1);
  EXPECT_TRUE(Accepts(0));
  Enqueue(2);
  Release(0, WriteQueue::Next::kMore);
  EXPECT_EQ(woken_, (Slots{0, 1}));
  EXPECT_EQ(Drain(), (Slots{1, 2, 0}));
}

TEST_F(WriteQueueTable, EnqueuesAWorkerOnce) {
  Enqueue(0);
  Enqueue(1);
  Enqueue(0);
  EXPECT_EQ(Drain(), (Slots{0, 1}));
}

TEST_F(WriteQueueTable, LetsAWorkerAcceptAgainWhatItHolds) {
  Enqueue(0);
  EXPECT_TRUE(Accepts(0));
  EXPECT_TRUE(Accepts(0));
}

TEST_F(WriteQueueTable, PassesOverWhoLeft) {
  Enqueue(0);
  Enqueue(1);
  Enqueue(2);
  queue_.Leave(1, now_us_);
  queue_.Leave(0, now_us_);
  EXPECT_EQ(woken_, (Slots{0, 2}));
  EXPECT_EQ(Drain(), Slots{2});
}

TEST_F(WriteQueueTable, RevokesAGrantThatLiesLongerThanItsLease) {
  Enqueue(0);
  Enqueue(1);
  Tick();
  EXPECT_FALSE(Accepts(1));
  now_us_ += kLate;
  Tick();
  EXPECT_EQ(queue_.revoked(0), 1U);
  EXPECT_EQ(woken_, (Slots{0, 1, 0}));
  EXPECT_TRUE(Accepts(1));
}

TEST_F(WriteQueueTable, GivesARevokedWorkerItsPlaceBackWhenItRuns) {
  Enqueue(0);
  Enqueue(1);
  Enqueue(2);
  now_us_ += kLate;
  Tick();
  EXPECT_FALSE(Accepts(0));
  EXPECT_EQ(Drain(), (Slots{1, 0, 2}));
}

TEST_F(WriteQueueTable, GrantsNothingToASuspendedWorker) {
  Enqueue(0);
  now_us_ += kLate;
  Tick();
  Enqueue(1);
  EXPECT_TRUE(Accepts(1));
  Release(1, WriteQueue::Next::kMore);
  EXPECT_TRUE(Accepts(1));
  Release(1);
  woken_.clear();
  EXPECT_TRUE(Accepts(0));
  EXPECT_EQ(queue_.revoked(0), 1U);
}

TEST_F(WriteQueueTable, CountsTheRevocationsOfEveryWorkerAnew) {
  Enqueue(0);
  now_us_ += kLate;
  Tick();
  ASSERT_EQ(queue_.revoked(0), 1U);
  queue_.Attach(0, now_us_);
  EXPECT_EQ(queue_.revoked(0), 0U);
}

TEST_F(WriteQueueTable, NeverRevokesWhatIsHeld) {
  Enqueue(0);
  EXPECT_TRUE(Accepts(0));
  Enqueue(1);
  now_us_ += 1000 * kLate;
  Tick();
  EXPECT_FALSE(Accepts(1));
  EXPECT_EQ(queue_.revoked(0), 0U);
}

TEST_F(WriteQueueTable, PassesATurnOnWhenItsHolderIsDead) {
  Enqueue(0);
  EXPECT_TRUE(Accepts(0));
  Enqueue(1);
  queue_.Reap(0, now_us_);
  EXPECT_TRUE(Accepts(1));
}

TEST_F(WriteQueueTable, WakesTheOwnerAgainWhenSomebodyDies) {
  Enqueue(0);
  Enqueue(1);
  woken_.clear();
  queue_.Reap(1, now_us_);
  EXPECT_EQ(woken_, Slots{0});
}

TEST_F(WriteQueueTable, GivesANewWorkerNothingOfTheOldOne) {
  Enqueue(0);
  EXPECT_TRUE(Accepts(0));
  queue_.Reap(0, now_us_);
  queue_.Attach(0, now_us_);
  EXPECT_FALSE(Accepts(0));
  Enqueue(1);
  Enqueue(0);
  EXPECT_EQ(Drain(), (Slots{1, 0}));
}

TEST_F(WriteQueueTable, LeavesAGapWhenTurnsFollowEachOtherForLong) {
  Enqueue(0);
  EXPECT_TRUE(Accepts(0));
  Enqueue(1);
  now_us_ += WriteQueue::kForeignGapEveryUs;
  EXPECT_EQ(Release(0), WriteQueue::Handover::kGap);
  Tick();
  EXPECT_FALSE(Accepts(1));
  now_us_ += WriteQueue::kForeignGapUs;
  Tick();
  EXPECT_TRUE(Accepts(1));
  EXPECT_EQ(Release(1), WriteQueue::Handover::kDone);
}

TEST_F(WriteQueueTable, NeedsNoGapWhenNobodyWaits) {
  Enqueue(0);
  EXPECT_TRUE(Accepts(0));
  now_us_ += 10 * WriteQueue::kForeignGapEveryUs;
  EXPECT_EQ(Release(0), WriteQueue::Handover::kDone);
  Enqueue(1);
  EXPECT_TRUE(Accepts(1));
}

}  // namespace
}  // namespace sqlicorn
