// SPDX-License-Identifier: MIT
// The connections of a worker to read on: who has one, for how long, and when it is closed.
#include <unistd.h>

#include <array>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/processes.h"
#include "tests/worker/long_reads_testing.h"

namespace sqlicorn {
namespace {

class LongReadsPlaces : public LongReadsTest {
 protected:
  // As many as there is room for, each held for a client that takes nothing.
  void HoldAll() {
    for (int i = 0; i < 8; ++i) {
      TestRead& read = *silent_.emplace_back(std::make_unique<TestRead>("s", kEndless, &log_));
      read.endpoint = 1;
      read.streams = true;
      reads_->Submit(read);
      RunUntil(loop_, [&] { return read.held == 1; });
    }
    EXPECT_EQ(reads_->tally().held, 8U);
  }

  [[nodiscard]] std::size_t Dropped() const {
    std::size_t dropped = 0;
    for (const auto& read : silent_) {
      dropped += read->ended ? 1 : 0;
    }
    return dropped;
  }

  std::vector<std::unique_ptr<TestRead>> silent_;
};

TEST_F(LongReadsPlaces, AreLeftByASilentClientOnlyWhenAnotherReadWaits) {
  Make(1);
  HoldAll();
  const TimePoint held = Clock::now();
  RunUntil(loop_, [&] { return Clock::now() - held > milliseconds(1500); });
  EXPECT_EQ(Dropped(), 0U);
  TestRead next("n", 1, &log_);
  const TimePoint asked = Clock::now();
  reads_->Submit(next);
  RunUntil(loop_, [&] { return next.ended; });
  EXPECT_LT(Clock::now() - asked, seconds(5));
  EXPECT_EQ(next.outcome.kind, OutcomeKind::kCommitted);
  EXPECT_EQ(Dropped(), 1U);
  EXPECT_TRUE(silent_[0]->ended) << "the one that has been silent longest";
  EXPECT_EQ(silent_[0]->outcome.kind, OutcomeKind::kTimedOut);
  EXPECT_EQ(reads_->tally().dropped, 1U);
  reads_->Stop();
}

TEST_F(LongReadsPlaces, AreKeptByAClientThatReads) {
  Make(1);
  HoldAll();
  TestRead next("n", 1, &log_);
  reads_->Submit(next);
  RunUntil(loop_, [&] {
    silent_[0]->taken_us = MonotonicUs();
    return next.ended;
  });
  EXPECT_FALSE(silent_[0]->ended);
  EXPECT_TRUE(silent_[1]->ended);
  reads_->Stop();
}

// The descriptor of the database itself SQLite keeps for its next connection, as long as another
// one of the process has a lock.
TEST_F(LongReadsPlaces, AreClosedWhenNobodyHasReadForLong) {
  Make(2);
  const auto logs = [this] { return CountDescriptorsOf(getpid(), config_.database.path + "-wal"); };
  const std::size_t before = logs();
  std::array<TestRead, 2> reads{TestRead{"a", kLong / 4, &log_}, TestRead{"b", kLong / 4, &log_}};
  for (TestRead& read : reads) {
    reads_->Submit(read);
  }
  RunUntil(loop_, [&] { return reads[0].ended && reads[1].ended; });
  EXPECT_EQ(logs(), before + 2);
  const std::size_t all = CountDescriptorsOf(getpid(), config_.database.path);
  reads_->CloseUnused(MonotonicUs() + ReaderPool::kUnusedUs - 1000000);
  EXPECT_EQ(logs(), before + 2) << "not yet";
  reads_->CloseUnused(MonotonicUs() + ReaderPool::kUnusedUs);
  EXPECT_EQ(logs(), before);
  TestRead next("n", 1, &log_);
  reads_->Submit(next);
  RunUntil(loop_, [&] { return next.ended; });
  EXPECT_EQ(next.outcome.kind, OutcomeKind::kCommitted);
  EXPECT_EQ(opened_, 3);
  EXPECT_EQ(CountDescriptorsOf(getpid(), config_.database.path), all - 1) << "used again";
  reads_->CloseUnused(RunLimit::kNever - 1);
  EXPECT_EQ(logs(), before);
}

TEST_F(LongReadsPlaces, AreNotClosedUnderARead) {
  Make(1);
  TestRead read("a", kEndless, &log_);
  reads_->Submit(read);
  UntilSuspended(read);
  reads_->CloseUnused(RunLimit::kNever - 1);
  EXPECT_EQ(reads_->size(), 1U);
  EXPECT_FALSE(read.ended);
  reads_->Stop();
}

}  // namespace
}  // namespace sqlicorn
