// SPDX-License-Identifier: MIT
#include "worker/turn/queue_scheduler.h"

#include <gtest/gtest.h>

#include "tests/worker/queue_test_case.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;
using enum OutcomeKind;

QueueScheduler::Options Fifo() {
  auto options = QueueHouse::Group();
  options.max_batch = 1;
  return options;
}

TEST(QueueScheduler, AnswersABatchAfterItsCommit) {
  QueueTest test;
  test.Write();
  test.Write();
  test.Write();
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.log, "+a+b+c-a-b-c");
  EXPECT_EQ(test.Rows(), "3");
}

TEST(QueueScheduler, PutsNoMoreInABatchThanItMay) {
  auto options = QueueHouse::Group();
  options.max_batch = 2;
  QueueTest test(options);
  for (int i = 0; i < 5; ++i) {
    test.Write();
  }
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.log, "+a+b-a-b+c+d-c-d+e-e");
}

TEST(QueueScheduler, GivesEveryWorkerItsTurn) {
  QueueTest test(Fifo());
  test.house.file.Run("BEGIN IMMEDIATE");
  for (const std::size_t slot : {0U, 0U, 0U, 1U, 1U, 1U}) {
    test.Write(slot).autocommits = false;  // so that it runs once
  }
  test.house.RunFor(10ms);  // until both are in line
  test.house.file.Run("COMMIT");
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.Runs(), "adbecf");
}

TEST(QueueScheduler, RunsAnIsolatedJobByItself) {
  QueueTest test;
  test.Write();
  SqlJob& isolated = test.Make("VACUUM");
  isolated.isolated = true;
  test.Submit(isolated);
  test.Write();
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.log, "+a-a+b-b+c-c");
  EXPECT_EQ(isolated.outcome.kind, kCommitted) << isolated.outcome.status.message();
}

TEST(QueueScheduler, RerunsABrokenBatchOneByOneInTheSameTurn) {
  QueueTest test;
  test.Write();
  test.Submit(test.Make("INSERT OR ROLLBACK INTO t VALUES (0)"));
  test.Write();
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.log.substr(0, 12), "+a+b+a+b-a-b") << "c needs no turn of its own";
  EXPECT_EQ(test.jobs[1].outcome.kind, kRejected);
  EXPECT_EQ(test.Rows(), "2");
}

TEST(QueueScheduler, WaitsForAForeignWriterAndServesReadsMeanwhile) {
  QueueTest test;
  test.house.file.Run("BEGIN IMMEDIATE");
  const SqlJob& write = test.Write(0);
  const SqlJob& other = test.Write(1);
  test.house.RunFor(30ms);
  EXPECT_EQ(write.answers + other.answers, 0);
  EXPECT_EQ(test.Read(0).answers, 1) << "a read waits for nobody";
  EXPECT_EQ(test.Read(1).answers, 1);
  test.house.file.Run("COMMIT");
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(write.outcome.kind, kCommitted);
  EXPECT_EQ(other.outcome.kind, kCommitted);
}

TEST(QueueScheduler, TellsWhoWaitedTooLongThatTheDatabaseIsBusy) {
  auto options = QueueHouse::Group();
  options.queue_timeout = 20ms;
  QueueTest test(options);
  test.house.file.Run("BEGIN IMMEDIATE");
  test.Write(0);
  test.Write(1);
  ASSERT_TRUE(test.AllAnswered());
  for (const SqlJob& job : test.jobs) {
    EXPECT_EQ(job.outcome.status.name(), "SQLITE_BUSY");
    EXPECT_EQ(job.runs, 0);
  }
  test.house.file.Run("COMMIT");
  ASSERT_EQ(test.Write().answers, 0);
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.jobs.back().outcome.kind, kCommitted) << "the turn was handed back";
}

TEST(QueueScheduler, TriesOnceWithoutPatience) {
  auto options = QueueHouse::Group();
  options.queue_timeout = options.patience = 0s;
  QueueTest test(options);
  test.Write();
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.jobs.back().outcome.kind, kCommitted);
  test.house.file.Run("BEGIN IMMEDIATE");
  test.Write();
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.jobs.back().outcome.kind, kBusy);
}

TEST(QueueScheduler, RefusesWhatDoesNotFitInTheLine) {
  auto options = QueueHouse::Group();
  options.max_pending = 1;
  QueueTest test(options);
  test.Write();
  const SqlJob& refused = test.Write();
  EXPECT_EQ(refused.answers, 1);
  EXPECT_EQ(refused.outcome.kind, OutcomeKind::kNoTurn);
  EXPECT_EQ(refused.outcome.status.message(),
            "too many writes are waiting: database.max_pending_writes is reached");
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.Rows(), "1");
}

TEST(QueueScheduler, ForgetsAJobWhoseClientHasGone) {
  QueueTest test;
  SqlJob& gone = test.Write();
  const SqlJob& stays = test.Write();
  test.house.scheduler().Withdraw(gone);
  ASSERT_TRUE(test.house.RunUntil([&] { return stays.answers == 1; }));
  EXPECT_EQ(test.log, "+b-b");
}

TEST(QueueScheduler, EndsATurnThatNobodyWantsAnyMore) {
  QueueTest test;
  test.house.file.Run("BEGIN IMMEDIATE");
  SqlJob& gone = test.Write(0);
  const SqlJob& stays = test.Write(1);
  test.house.RunFor(10ms);
  test.house.scheduler(0).Withdraw(gone);
  test.house.file.Run("COMMIT");
  ASSERT_TRUE(test.house.RunUntil([&] { return stays.answers == 1; }));
  EXPECT_EQ(test.log, "+b-b");
}

// As a pipelining client does.
TEST(QueueScheduler, TakesUpWhatComesWithAnAnswer) {
  QueueTest test;
  SqlJob& first = test.Make("INSERT INTO t VALUES (1)");
  SqlJob& second = test.Make("INSERT INTO t VALUES (2)");
  first.on_finish = [&] { test.Submit(second); };
  test.Submit(first);
  ASSERT_TRUE(test.AllAnswered());
  EXPECT_EQ(test.log, "+a-a+b-b");
}

}  // namespace
}  // namespace sqlicorn
