// SPDX-License-Identifier: MIT
#include "worker/turn/snapshot_scheduler.h"

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "tests/worker/snapshot_testing.h"
#include "worker/turn/retry_scheduler.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

constexpr ReadLimits kLimits;

TEST(ReadWays, GoByTheTable) {
  const struct {
    const char* name;
    ReadFacts facts;
    ReadWay way;
  } cases[] = {
      {"nobody", {.ready = 0}, ReadWay::kWait},
      {"one needs no transaction around it", {.ready = 1}, ReadWay::kAlone},
      {"two", {.ready = 2}, ReadWay::kShared},
      {"what is not committed must not be read",
       {.ready = 2, .transaction_open = true},
       ReadWay::kWait},
      {"nor by one", {.ready = 1, .transaction_open = true}, ReadWay::kWait},
      {"a plan refuses by itself what was moved", {.ready = 2, .in_place = false}, ReadWay::kAlone},
      {"the round is not over", {.ready = 2, .round = kLimits.round - 1ns}, ReadWay::kShared},
      {"the round is over", {.ready = 2, .round = kLimits.round}, ReadWay::kWait},
      {"for one too", {.ready = 1, .round = kLimits.round}, ReadWay::kWait},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(WayOf(c.facts, kLimits), c.way) << c.name;
  }
}

TEST(SharedSnapshot, EndsByTheTable) {
  const struct {
    const char* name;
    SharedFacts facts;
    bool on;
  } cases[] = {
      {"it has just begun", {}, true},
      {"it is almost too old", {.open = kLimits.snapshot - 1ns}, true},
      {"it is too old", {.open = kLimits.snapshot}, false},
      {"somebody has the lock", {.locked = true}, false},
      {"a failure has ended it", {.active = false}, false},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(SharesOn(c.facts, kLimits), c.on) << c.name;
  }
}

INSTANTIATE_TEST_SUITE_P(JournalModes, SnapshotSchedulerTest, testing::Values("wal", "delete"));

TEST_P(SnapshotSchedulerTest, ReadsOfOneRoundSeeTheSame) {
  CountJob& first = Submit();
  CountJob& second = Submit();
  CountJob& third = Submit();
  bool inserted = false;
  first.after = [&] { inserted = Insert(); };
  scheduler_->OnRoundEnd();
  EXPECT_EQ(first.found + second.found + third.found, "000");
  EXPECT_EQ(first.inside + second.inside + third.inside, 3);
  EXPECT_EQ(inserted, std::string(GetParam()) == "wal");
  CountJob& later = Submit();
  scheduler_->OnRoundEnd();
  EXPECT_EQ(later.found, inserted ? "1" : "0");
  EXPECT_TRUE(AllAnswered());
}

TEST_P(SnapshotSchedulerTest, SeesWhatWasCommittedWhileTheReadsCame) {
  CountJob& first = Submit();
  ASSERT_TRUE(Insert());
  CountJob& second = Submit();
  ASSERT_TRUE(Insert());
  scheduler_->OnRoundEnd();
  EXPECT_EQ(first.found + second.found, "22");
}

TEST_P(SnapshotSchedulerTest, ARoundLeavesNothingOpen) {
  Submit();
  Submit();
  scheduler_->OnRoundEnd();
  EXPECT_TRUE(AllAnswered());
  EXPECT_FALSE(IsPinned(directory_.File("t.db")));
}

TEST_P(SnapshotSchedulerTest, OneReadAloneIsRunByItself) {
  CountJob& job = Submit();
  EXPECT_EQ(job.answers, 0) << "the round is not over";
  scheduler_->OnRoundEnd();
  EXPECT_EQ(job.alone, 1);
  EXPECT_TRUE(AllAnswered());
}

TEST_P(SnapshotSchedulerTest, AReadThatSharesNothingIsRunAtOnce) {
  CountJob job(*connection_);
  job.shares_snapshot = false;
  scheduler_->Read(job);
  EXPECT_EQ(job.alone, 1);
  EXPECT_EQ(job.answers, 1);
}

// The bound on how long a snapshot stays open: whoever comes after it is not of it.
TEST_P(SnapshotSchedulerTest, ASnapshotThatHasBeenOpenForLongGetsNoMoreReaders) {
  UseBehind(std::make_unique<DirectScheduler>(), {.snapshot = 1ns, .round = kPatience});
  CountJob& slow = Submit();
  CountJob& next = Submit();
  CountJob& last = Submit();
  slow.on_finish = [&] { ASSERT_TRUE(Insert()); };
  scheduler_->OnRoundEnd();
  EXPECT_EQ(slow.found, "0");
  EXPECT_EQ(next.found + last.found, "11");
  EXPECT_EQ(next.inside, 1);
  EXPECT_EQ(last.alone, 1);
  EXPECT_TRUE(AllAnswered());
}

TEST_P(SnapshotSchedulerTest, AnErrorConcernsTheReadThatMadeItAlone) {
  CountJob& first = Submit();
  CountJob& wrong = Submit();
  CountJob& last = Submit();
  wrong.sql = "SELECT abs(-9223372036854775807 - 1)";
  scheduler_->OnRoundEnd();
  EXPECT_EQ(wrong.outcome.kind, OutcomeKind::kFailed);
  EXPECT_EQ(wrong.outcome.status.message(), "integer overflow");
  EXPECT_EQ(first.outcome.kind, OutcomeKind::kCommitted);
  EXPECT_EQ(last.outcome.kind, OutcomeKind::kCommitted);
  EXPECT_EQ(last.inside, 1);
  EXPECT_TRUE(AllAnswered());
}

// As an I/O error or a lack of memory does.
TEST_P(SnapshotSchedulerTest, AFailureThatEndsTheTransactionLeavesTheOthersAnother) {
  Submit();
  CountJob& bad = Submit();
  CountJob& third = Submit();
  CountJob& last = Submit();
  bad.after = [&] { Must(*connection_, "ROLLBACK"); };
  scheduler_->OnRoundEnd();
  EXPECT_EQ(third.found + last.found, "00");
  EXPECT_EQ(third.inside + last.inside, 2);
  EXPECT_TRUE(AllAnswered());
}

TEST_P(SnapshotSchedulerTest, NobodyReadsInATransactionThatIsOpen) {
  auto behind = std::make_unique<Behind>();
  Behind& open = *behind;
  UseBehind(std::move(behind));
  open.open = true;
  CountJob& one = Submit();
  CountJob& two = Submit();
  scheduler_->OnRoundEnd();
  EXPECT_EQ(one.inside + two.inside + one.alone + two.alone, 0);
  open.open = false;
  scheduler_->OnRoundEnd();
  EXPECT_TRUE(AllAnswered());
}

TEST_P(SnapshotSchedulerTest, WhoHasGoneIsForgotten) {
  CountJob& gone = Submit();
  CountJob& first = Submit();
  CountJob& second = Submit();
  CountJob& last = Submit();
  scheduler_->Withdraw(gone);
  first.on_finish = [&] { scheduler_->Withdraw(second); };
  scheduler_->OnRoundEnd();
  EXPECT_EQ(gone.inside + gone.answers, 0);
  EXPECT_EQ(second.answers, 0);
  EXPECT_EQ(first.answers + last.answers, 2);
}

// A client that sends many at once must not keep the loop: what is left runs in later rounds, and
// the loop does not sleep before them.
TEST_P(SnapshotSchedulerTest, WhatARoundHasNoTimeForRunsInTheNext) {
  UseBehind(std::make_unique<DirectScheduler>(), {});
  for (int i = 0; i < 20; ++i) {
    Submit().after = [] { std::this_thread::sleep_for(1ms); };
  }
  scheduler_->OnRoundEnd();
  EXPECT_FALSE(AllAnswered());
  EXPECT_TRUE(RunUntil([this] { return AllAnswered(); }));
}

TEST_P(SnapshotSchedulerTest, AnswersMayBringNewReadsOfTheSameRound) {
  CountJob& first = Submit();
  Submit();
  first.on_finish = [&] {
    ASSERT_TRUE(Insert());
    Submit();
    Submit();
  };
  scheduler_->OnRoundEnd();
  ASSERT_EQ(jobs_.size(), 4U);
  EXPECT_EQ(jobs_[2].found + jobs_[3].found, "11");
  EXPECT_TRUE(AllAnswered());
}

// In a rollback journal mode a writer that commits shuts readers out for a moment.
TEST_P(SnapshotSchedulerTest, ReadsThatMeetALockRunAgain) {
  UseBehind(std::make_unique<RetryScheduler>(loop_, kPatience));
  Must(*other_, "PRAGMA locking_mode = normal; BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)");
  const bool wal = std::string(GetParam()) == "wal";
  CountJob& one = Submit();
  CountJob& two = Submit();
  scheduler_->OnRoundEnd();
  EXPECT_EQ(one.answers + two.answers, wal ? 2 : 0);
  Must(*other_, "COMMIT");
  EXPECT_TRUE(RunUntil([this] { return AllAnswered(); }));
  EXPECT_EQ(one.found + two.found, wal ? "00" : "11");
  EXPECT_EQ(one.outcome.kind, OutcomeKind::kCommitted);
}

// Readers without a pause: each answer is a new read.
TEST_P(SnapshotSchedulerTest, DoesNotHoldUpACommit) {
  UseBehind(std::make_unique<RetryScheduler>(loop_, kPatience), {});
  other_->SetBusyWait(BusyWait::kConstant, kPatience);
  bool committed = false;
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) {
      Must(*other_, "INSERT INTO t VALUES (1)");
    }
  });
  std::deque<CountJob> readers;
  for (int i = 0; i < 16; ++i) {
    CountJob& reader = readers.emplace_back(*connection_);
    reader.on_finish = [&] {
      committed = committed || reader.found == "20";
      if (!committed) {
        scheduler_->Read(reader);
      }
    };
    scheduler_->Read(reader);
  }
  EXPECT_TRUE(RunUntil([&] { return committed; }));
  writer.join();
}

}  // namespace
}  // namespace sqlicorn
