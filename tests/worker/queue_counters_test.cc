// SPDX-License-Identifier: MIT
// What the queue scheduler counts for those who look from outside.
#include <gtest/gtest.h>

#include "tests/worker/queue_test_case.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

constexpr double kMs = 1000;  // in microseconds

std::uint64_t LockedBusy(const WorkerCounters& counters) {
  return counters.locked.at(static_cast<std::size_t>(LockCause::kBusy));
}

TEST(QueueCounters, CountABatchOfThreeAsOneTurnOfThree) {
  QueueTest test;
  test.Write();
  test.Write();
  test.Write();
  ASSERT_TRUE(test.AllAnswered());
  const WorkerCounters& counters = *test.house.worker(0).counters;
  EXPECT_EQ(counters.hold_us.Read().count(), 1U);
  EXPECT_EQ(counters.batch.Read().count(), 1U);
  EXPECT_EQ(counters.batch.Read().Percentile(50), 3);
  EXPECT_EQ(counters.foreign_waits, 0U);
  EXPECT_EQ(test.house.worker(1).counters->hold_us.Read().count(), 0U);
}

TEST(QueueCounters, CountTheBatchesOfOneTurnApart) {
  QueueTest test;
  test.Write();
  test.Submit(test.Make("INSERT OR ROLLBACK INTO t VALUES (0)"));
  ASSERT_TRUE(test.AllAnswered());
  const WorkerCounters& counters = *test.house.worker(0).counters;
  EXPECT_EQ(counters.hold_us.Read().count(), 1U);
  EXPECT_EQ(counters.batch.Read().count(), 2U);
  EXPECT_EQ(counters.batch.Read().sum, 2U);
}

TEST(QueueCounters, TellHowLongAForeignLockHeldTheTurnUp) {
  QueueTest test;
  test.house.file.Run("BEGIN IMMEDIATE");
  const SqlJob& job = test.Write();
  test.house.RunFor(30ms);
  test.house.file.Run("COMMIT");
  ASSERT_TRUE(test.AllAnswered());
  const WorkerCounters& counters = *test.house.worker(0).counters;
  EXPECT_EQ(counters.foreign_waits, 1U);
  EXPECT_GE(counters.foreign_us, 20 * kMs);
  EXPECT_GE(counters.hold_us.Read().sum, counters.foreign_us);
  EXPECT_GT(LockedBusy(counters), 1U) << "every attempt counts";
  ASSERT_TRUE(job.waited);
  EXPECT_GE(*job.waited, 20ms) << "its transaction had not begun";
}

TEST(QueueCounters, CountAReaderThatKeepsCommitWaiting) {
  QueueTest test(QueueHouse::Group(), "delete");
  test.house.file.Run("BEGIN");
  EXPECT_EQ(test.Rows(), "0");
  test.Write();
  test.house.RunFor(20ms);
  test.house.file.Run("COMMIT");
  ASSERT_TRUE(test.AllAnswered());
  const WorkerCounters& counters = *test.house.worker(0).counters;
  EXPECT_EQ(counters.foreign_waits, 1U);
  EXPECT_GE(LockedBusy(counters), 1U);
  EXPECT_EQ(counters.batch.Read().Percentile(50), 1);
}

TEST(QueueCounters, KnowTheWaitOfWhoGaveUp) {
  auto options = QueueHouse::Group();
  options.queue_timeout = 20ms;
  QueueTest test(options);
  test.house.file.Run("BEGIN IMMEDIATE");
  test.house.RunFor(1ms);  // the loop's time, from which deadlines count, is that of its last round
  const SqlJob& job = test.Write();
  ASSERT_TRUE(test.AllAnswered());
  ASSERT_TRUE(job.waited);
  EXPECT_GE(*job.waited, 15ms);
}

TEST(QueueCounters, CountWhoseTurnDidNotComeInTime) {
  auto options = QueueHouse::Group();
  options.queue_timeout = 20ms;
  options.queue_timeout_setting = "database.timeout";
  QueueTest test(options, "delete");
  test.house.file.Run("BEGIN");
  EXPECT_EQ(test.Rows(), "0");
  const SqlJob& holder = test.Write();  // its COMMIT waits for the reader
  test.house.RunFor(5ms);
  const SqlJob& late = test.Write(1);
  ASSERT_TRUE(test.house.RunUntil([&] { return late.answers > 0; }));
  EXPECT_EQ(late.outcome.kind, OutcomeKind::kNoTurn);
  EXPECT_EQ(late.outcome.status.message(),
            "database is locked: no turn to write came within database.timeout");
  EXPECT_EQ(late.runs, 0);
  test.house.file.Run("COMMIT");
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(holder.outcome.kind, OutcomeKind::kCommitted);
  EXPECT_EQ(test.house.worker(1).counters->queue_timeout, 1U);
  EXPECT_EQ(test.house.worker(0).counters->queue_timeout, 0U);
  EXPECT_EQ(test.house.worker(1).counters->queue_full, 0U);
}

TEST(QueueCounters, CountWhatAFullLineRefuses) {
  auto options = QueueHouse::Group();
  options.max_pending = 1;
  QueueTest test(options);
  test.Write();
  test.Write();
  test.Write();
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.house.worker(0).counters->queue_full, 2U);
  EXPECT_EQ(test.house.worker(0).counters->queue_timeout, 0U);
}

TEST(QueueCounters, KnowNoWaitOfWhoNeverWaited) {
  auto options = QueueHouse::Group();
  options.max_pending = 0;
  QueueTest test(options);
  EXPECT_FALSE(test.Write().waited) << "refused at once";
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_FALSE(test.Read().waited);
}

}  // namespace
}  // namespace sqlicorn
