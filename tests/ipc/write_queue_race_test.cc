// SPDX-License-Identifier: MIT
#include <functional>
#include <memory>
#include <new>
#include <vector>

#include <gtest/gtest.h>

#include "tests/ipc/fiber.h"
#include "tests/ipc/steps.h"

namespace sqlicorn {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool kKnowsFibers = false;
#else
constexpr bool kKnowsFibers = true;
#endif

constexpr std::int64_t kStart = 1'000'000;
constexpr std::int64_t kLate = kStart + WriteQueue::kLeaseUs + 1;
constexpr int kMostSteps = 40;  // more than any call makes

// One process that is stopped before its access number `cut` while others go on.
struct Race {
  Race(const std::function<void(WriteQueue&)>& before, int cut,
       const std::function<void(WriteQueue&)>& act) {
    before(queue);
    slow = std::make_unique<Fiber>([this, act] {
      act(queue);
      for (done = true;;) {
        Fiber::Pause();
      }
    });
    SetStepHook([this] {
      if (inside) {
        Fiber::Pause();
      }
    });
    for (int i = 0; i <= cut; ++i) {
      Step();
    }
  }

  ~Race() { SetStepHook(nullptr); }

  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  void Finish() {
    while (!done) {
      Step();
    }
  }

  struct alignas(64) Memory {
    std::byte bytes[1024]{};
  };

  void Step() {
    inside = true;
    slow->Continue();
    inside = false;
  }

  bool inside = false;
  bool done = false;
  std::unique_ptr<Fiber> slow;
  std::unique_ptr<Memory> memory = std::make_unique<Memory>();
  WriteQueueState* state = new (memory.get()) WriteQueueState(3);
  WriteQueue queue{*state, 3, [](std::size_t) {}};
  WriteQueueProbe probe{*state};
};

class WriteQueueRaces : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (!kKnowsFibers) {
      GTEST_SKIP() << "the thread sanitizer cannot follow fibers";
    }
  }
};

void TickLate(WriteQueue& queue) {
  queue.Tick(kLate);
}

TEST_P(WriteQueueRaces, TwoWhoRevokeDoNotUndoEachOther) {
  const auto two_wait = [](WriteQueue& queue) {
    queue.Enqueue(0, kStart);
    queue.Enqueue(1, kStart);
  };
  Race race(two_wait, GetParam(), TickLate);
  race.queue.Tick(kLate);
  race.Finish();
  EXPECT_TRUE(race.probe.suspended(0));
  EXPECT_EQ(race.queue.revoked(0), 1U);
  EXPECT_TRUE(race.queue.TryAccept(1, kLate));
}

TEST_P(WriteQueueRaces, ARevokerThatSleptOverATurnTakesNoFreshGrant) {
  Race race([](WriteQueue& queue) { queue.Enqueue(0, kStart); }, GetParam(), TickLate);
  ASSERT_TRUE(race.queue.TryAccept(0, kLate)) << "a suspension ends with a sign of life";
  race.queue.Release(0, WriteQueue::Next::kMore, kLate);
  race.queue.Enqueue(1, kLate);
  race.Finish();
  EXPECT_FALSE(race.queue.TryAccept(1, kLate));
  EXPECT_TRUE(race.queue.TryAccept(0, kLate));
}

TEST_P(WriteQueueRaces, AGrantToAWorkerThatHasFinishedHoldsUpNobody) {
  const std::int64_t gap_end = kLate + WriteQueue::kForeignGapEveryUs;
  const auto wait_for_the_end_of_a_gap = [](WriteQueue& queue) {
    queue.Enqueue(0, kStart);
    ASSERT_TRUE(queue.TryAccept(0, kStart));
    const std::int64_t end = kStart + WriteQueue::kForeignGapEveryUs;
    ASSERT_EQ(queue.Release(0, WriteQueue::Next::kMore, end), WriteQueue::Handover::kGap);
  };
  Race race(wait_for_the_end_of_a_gap, GetParam(), [=](WriteQueue& queue) { queue.Tick(gap_end); });
  race.queue.Tick(gap_end);
  ASSERT_TRUE(race.queue.TryAccept(0, gap_end));
  race.queue.Release(0, WriteQueue::Next::kDone, gap_end);
  race.Finish();
  race.queue.Enqueue(1, gap_end);
  EXPECT_TRUE(race.queue.TryAccept(1, gap_end));
}

TEST_P(WriteQueueRaces, ADeathNeverTakesTheGapAway) {
  Race race([](WriteQueue&) {}, GetParam(), [](WriteQueue& queue) { queue.Enqueue(0, kStart); });
  race.queue.Reap(0, kStart);
  std::int64_t now = kStart;
  race.queue.Enqueue(1, now);
  race.queue.Enqueue(2, now);
  int gaps = 0;
  for (std::size_t slot = 1; now < kStart + 3 * WriteQueue::kForeignGapEveryUs; now += 500) {
    race.queue.Tick(now);
    if (race.queue.TryAccept(slot, now)) {
      const auto end = race.queue.Release(slot, WriteQueue::Next::kMore, now);
      gaps += end == WriteQueue::Handover::kGap ? 1 : 0;
    }
    slot = 3 - slot;
  }
  EXPECT_EQ(gaps, 2);
}

INSTANTIATE_TEST_SUITE_P(At, WriteQueueRaces, testing::Range(0, kMostSteps),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sqlicorn
