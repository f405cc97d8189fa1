// SPDX-License-Identifier: MIT
// Shared memory that somebody has written anything into.
#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "common/ipc/scoreboard.h"
#include "common/ipc/write_queue.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kSlots = 4;
constexpr std::int64_t kTickUs = 4000;  // how often a waiting worker looks

class WildWords : public testing::Test {
 protected:
  WildWords() { EXPECT_LE(WriteQueueState::Bytes(kSlots), sizeof(Memory)); }

  [[nodiscard]] std::size_t size() const { return WriteQueueState::Bytes(kSlots) / 8; }

  void Store(std::size_t word, std::uint64_t value) {
    std::memcpy(memory_->bytes + word * 8, &value, sizeof(value));
  }

  [[nodiscard]] std::uint64_t Random() {
    // Words of all sizes, as pointers, small numbers and noise are.
    return random_() >> (random_() % 64);
  }

  // What any process may call at any time.
  void CallAnything() {
    const std::size_t slot = random_() % kSlots;
    switch (random_() % 7) {
      case 0:
        return queue_.Enqueue(slot, now_us_);
      case 1:
        if (queue_.TryAccept(slot, now_us_)) {
          queue_.Release(slot, WriteQueue::Next::kMore, now_us_);
        }
        return;
      case 2:
        return queue_.Leave(slot, now_us_);
      case 3:
        return queue_.Tick(now_us_);
      case 4:
        return queue_.Reap(slot, now_us_);
      case 5:
        return queue_.Attach(slot, now_us_);
      default:
        EXPECT_LE(queue_.waiting(), kSlots);
        EXPECT_LE(queue_.revoked(slot), kMostCounted);
        if (const auto turn = queue_.turn(now_us_)) {
          EXPECT_LT(turn->slot, kSlots);
          EXPECT_GE(turn->age_us, 0);
        }
    }
  }

  // Every worker waits and has one turn after the other; how long that took.
  std::int64_t TakeTurns() {
    const std::int64_t begin_us = now_us_;
    std::vector<bool> waiting(kSlots, true);
    for (std::size_t left = kSlots; left > 0 && now_us_ < begin_us + 60'000'000;) {
      for (std::size_t slot = 0; slot < kSlots; ++slot) {
        if (!waiting[slot]) {
          continue;
        }
        queue_.Enqueue(slot, now_us_);
        if (queue_.TryAccept(slot, now_us_)) {
          queue_.Release(slot, WriteQueue::Next::kDone, now_us_);
          waiting[slot] = false;
          --left;
        } else {
          queue_.Tick(now_us_);
        }
      }
      now_us_ += kTickUs;
    }
    return now_us_ - begin_us;
  }

  struct alignas(64) Memory {
    std::byte bytes[1024]{};
  };

  std::mt19937_64 random_{5};
  std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
  WriteQueueState* state_ = new (memory_.get()) WriteQueueState(kSlots);
  WriteQueue queue_{*state_, kSlots, [](std::size_t slot) { EXPECT_LT(slot, kSlots); }};
  std::int64_t now_us_ = 1'000'000'000;
};

TEST_F(WildWords, InAnyPlaceOfTheQueueDelayTheLineByASecondAtMost) {
  const std::vector<std::uint64_t> values = {1,
                                             0xFFF,            // a slot that is none
                                             1U << 12U,        // held by nobody
                                             (1U << 12U) | 3,  // held by one that does not
                                             ~std::uint64_t{0},
                                             std::uint64_t{1} << 63U,
                                             (std::uint64_t{1} << 63U) - 1,
                                             std::uint64_t{1} << 51U,
                                             2'000'000'000};
  for (std::size_t word = 0; word < size(); ++word) {
    for (const std::uint64_t value : values) {
      Store(word, value);
      queue_.Reap(3, now_us_);
      EXPECT_LE(TakeTurns(), 1'200'000) << "word " << word << " " << value;
    }
  }
}

TEST_F(WildWords, AtAnyTimeHarmNobodyAndAreOverSoon) {
  for (int round = 0; round < 300; ++round) {
    for (int i = 0; i < 300; ++i) {
      Store(random_() % size(), Random());
      CallAnything();
      now_us_ += static_cast<std::int64_t>(random_() % 5000);
    }
    ASSERT_LE(TakeTurns(), 1'200'000) << round;
  }
}

TEST_F(WildWords, AreNoCounts) {
  const Scoreboard scoreboard = Scoreboard::Create(1).value();
  const CounterSheet sheet = scoreboard.counters(0);
  auto* const words = reinterpret_cast<std::uint64_t*>(&sheet.worker);
  constexpr std::int64_t kNowUs = 5'000'000;
  for (int round = 0; round < 100; ++round) {
    for (std::size_t i = 0; i < (sizeof(WorkerCounters) + 3 * sizeof(EndpointCounters)) / 8; ++i) {
      words[i] = Random();
    }
    WorkerCounts all;
    for (int i = 0; i < 3; ++i) {
      all.Add(ReadCounters(sheet, 3, kNowUs));
    }
    for (const double percent : {0.0, 50.0, 99.0, 100.0}) {
      EXPECT_TRUE(all.wait_us.Percentile(percent));
      EXPECT_TRUE(all.endpoints[2].wait_us.Percentile(percent));
      EXPECT_TRUE(all.endpoints[2].run_us.Percentile(percent));
    }
    EXPECT_FALSE(all.batch.Values().empty());
    EXPECT_LE(all.writes, 3 * kMostCounted);
    EXPECT_LE(all.answers[5], 3 * kMostCounted);
    EXPECT_LE(all.failed[0], 3 * kMostCounted);
    EXPECT_LE(all.endpoints[2].errors, 3 * kMostCounted);
    EXPECT_GE(all.foreign_now_us, 0);
    EXPECT_LT(all.foreign_now_us, kNowUs);
  }
}

// Sums of many workers may wrap around; where a percentile is must not depend on that.
TEST_F(WildWords, ThatAreAddedUpLeaveAPercentileInItsHistogram) {
  HistogramCounts counts;
  counts.buckets.assign(SharedHistogram::kBuckets, std::uint64_t{1} << 63U);
  counts.buckets.back() = 5;
  EXPECT_TRUE(counts.Percentile(100));
}

}  // namespace
}  // namespace sqlicorn
