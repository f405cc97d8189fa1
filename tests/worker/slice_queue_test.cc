// SPDX-License-Identifier: MIT
#include "worker/http/slice_queue.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "common/uv/watchers.h"

namespace sqlicorn {
namespace {

using Work = SliceQueue::Work;

// Writes its name down for each slice, and wants as many as it is told.
class Writer final : public SliceUser {
 public:
  Writer(std::string_view name, SliceQueue& queue, std::string& order)
      : name_(name), queue_(queue), order_(order) {}

  void Queue(Work work, int slices) {
    slices_ = slices;
    queue_.Add(*this, work);
  }

  void OnSlice() override {
    order_ += name_;
    if (--slices_ > 0) {
      queue_.Add(*this, Work::kLarge);
    }
  }

 private:
  std::string_view name_;
  SliceQueue& queue_;
  std::string& order_;
  int slices_ = 0;
};

class SliceQueueTest : public testing::Test {
 protected:
  Loop loop_;
  SliceQueue queue_{loop_};
  std::string order_;
  Writer a_{"a", queue_, order_};
  Writer b_{"b", queue_, order_};
  Writer c_{"c", queue_, order_};
};

TEST_F(SliceQueueTest, GoesRound) {
  a_.Queue(Work::kLarge, 3);
  b_.Queue(Work::kLarge, 2);
  c_.Queue(Work::kLarge, 1);
  loop_.Run();
  EXPECT_EQ(order_, "abcaba");
}

TEST_F(SliceQueueTest, DoesOneLargeSliceARound) {
  std::size_t before = 0;
  const RoundHook hook(loop_, [&] {
    EXPECT_LE(order_.size() - before, 1U);
    before = order_.size();
  });
  a_.Queue(Work::kLarge, 3);
  b_.Queue(Work::kLarge, 3);
  loop_.Run();
  EXPECT_EQ(order_.size(), 6U);
}

TEST_F(SliceQueueTest, LetsSmallWorkPass) {
  a_.Queue(Work::kLarge, 2);
  b_.Queue(Work::kSmall, 1);
  c_.Queue(Work::kSmall, 1);
  loop_.Run();
  EXPECT_EQ(order_, "bcaa");
}

TEST_F(SliceQueueTest, ForgetsWhoIsRemoved) {
  a_.Queue(Work::kLarge, 1);
  b_.Queue(Work::kSmall, 1);
  c_.Queue(Work::kLarge, 1);
  queue_.Remove(a_);
  queue_.Remove(b_);
  loop_.Run();
  EXPECT_EQ(order_, "c");
}

TEST_F(SliceQueueTest, GivesFreshInputARoundsTime) {
  EXPECT_TRUE(queue_.HasTime());
  const TimePoint later = Clock::now() + SliceQueue::kRound + std::chrono::milliseconds(2);
  while (Clock::now() < later) {
  }
  EXPECT_TRUE(queue_.HasTime());  // by the loop's time
  loop_.UpdateTime();
  EXPECT_FALSE(queue_.HasTime());
  queue_.BeginRound();
  EXPECT_TRUE(queue_.HasTime());
}

}  // namespace
}  // namespace sqlicorn
