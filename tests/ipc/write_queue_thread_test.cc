// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <latch>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/ipc/queue_testing.h"

namespace sqlicorn {
namespace {

constexpr std::int64_t kPatienceUs = 60'000'000;

// What the turns protect: plain memory, which the thread sanitizer watches.
struct Protected {
  int turns = 0;
  int inside = 0;
  bool two_inside = false;
  std::array<int, 8> of_worker{};
};

std::int64_t StoppedClock() {
  return 1;
}

struct Crew {
  std::size_t workers;
  ClockUs clock;
};

class WriteQueueThreads : public testing::TestWithParam<std::size_t> {
 protected:
  void Run(const Crew& crew) {
    const auto shared = SharedWriteQueue::Create(crew.workers).value();
    std::latch in_line(static_cast<std::ptrdiff_t>(crew.workers));
    {
      std::vector<std::jthread> threads;
      for (std::size_t self = 0; self < crew.workers; ++self) {
        threads.emplace_back([&, self] { Work(shared, self, crew, in_line); });
      }
    }
    EXPECT_FALSE(data_.two_inside);
    EXPECT_EQ(HandsOn(shared).waiting(), 0U);
    EXPECT_EQ(data_.turns, std::accumulate(data_.of_worker.begin(), data_.of_worker.end(), 0));
  }

  // Whoever finds that enough turns have been taken stops; the others find it too.
  void Work(const SharedWriteQueue& shared, std::size_t self, const Crew& crew,
            std::latch& in_line) {
    const int enough = 300 * static_cast<int>(crew.workers);
    WriteQueue queue = HandsOn(shared);
    queue.Enqueue(self, crew.clock());
    in_line.arrive_and_wait();
    for (bool more = true; more;) {
      ASSERT_TRUE(Obtain(queue, shared, self, kPatienceUs, crew.clock));
      data_.two_inside = ++data_.inside != 1 || data_.two_inside;
      more = ++data_.turns < enough;
      ++data_.of_worker.at(self);
      --data_.inside;
      queue.Release(self, more ? WriteQueue::Next::kMore : WriteQueue::Next::kDone, crew.clock());
    }
  }

  Protected data_;
};

// No lease runs out, so that it is the order of the line that decides.
TEST_P(WriteQueueThreads, HaveEquallyManyTurnsOneAtATime) {
  Run({GetParam(), StoppedClock});
  const auto end = data_.of_worker.begin() + static_cast<std::ptrdiff_t>(GetParam());
  const auto [least, most] = std::minmax_element(data_.of_worker.begin(), end);
  EXPECT_GE(*least, *most * 8 / 10);
}

TEST_P(WriteQueueThreads, HoldTurnsOneAtATimeWhenLeasesRunOut) {
  Run({GetParam(), MonotonicUs});
}

INSTANTIATE_TEST_SUITE_P(Of, WriteQueueThreads, testing::Values(2, 4, 8),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sqlicorn
