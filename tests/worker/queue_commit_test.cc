// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/worker/queue_test_case.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;
using enum OutcomeKind;

// A committing writer that waits for readers, with the transaction open on the connection.
class CommitLocked : public QueueTest, public testing::Test {
 protected:
  explicit CommitLocked(const QueueScheduler::Options& options = QueueHouse::Group())
      : QueueTest(options, "delete") {
    house.file.Run("BEGIN");
    EXPECT_EQ(Rows(), "0");
    Write();
    EXPECT_TRUE(house.RunUntil([this] { return jobs.front().runs == 1; }));
  }
};

TEST_F(CommitLocked, KeepsReadsFromWhatIsNotCommitted) {
  const SqlJob& read = Read();
  house.RunFor(20ms);
  EXPECT_EQ(read.runs, 0);
  house.file.Run("COMMIT");
  ASSERT_TRUE(AllAnswered());
  EXPECT_EQ(log, "+a-a+b-b");
  EXPECT_EQ(jobs.front().outcome.kind, kCommitted);
}

TEST_F(CommitLocked, ForgetsAWithdrawnRead) {
  Read();
  house.scheduler().Withdraw(jobs.back());
  house.file.Run("COMMIT");
  ASSERT_TRUE(house.RunUntil([this] { return jobs.front().answers == 1; }));
  house.RunFor(10ms);
  EXPECT_EQ(log, "+a-a");
}

TEST_F(CommitLocked, LeavesTheLineToOthersWhenTheWorkerEnds) {
  house.worker(0).scheduler.reset();
  house.file.Run("COMMIT");
  Write(1);
  ASSERT_TRUE(house.RunUntil([this] { return jobs.back().answers == 1; }));
  EXPECT_EQ(Rows(), "1") << "what was not committed is gone";
}

class Impatient : public CommitLocked {
 protected:
  static QueueScheduler::Options Options() {
    auto options = QueueHouse::Group();
    options.patience = 20ms;
    return options;
  }

  Impatient() : CommitLocked(Options()) {}
};

TEST_F(Impatient, GivesUpACommit) {
  ASSERT_TRUE(AllAnswered());
  EXPECT_EQ(jobs.front().outcome.kind, kBusy);
  house.file.Run("COMMIT");
  EXPECT_EQ(Rows(), "0");
}

// A read that waits for a lock must not find its own connection's open transaction instead.
TEST(QueueScheduler, RetriesNoReadWhileATransactionIsOpen) {
  for (int round = 0; round < 5; ++round) {
    QueueTest test(QueueHouse::Group(), "delete");
    test.house.file.Run("BEGIN EXCLUSIVE");
    const SqlJob& write = test.Write();
    const SqlJob& read = test.Read();
    EXPECT_EQ(read.answers, 0);
    test.house.file.Run("COMMIT; BEGIN; SELECT * FROM t");
    ASSERT_TRUE(test.house.RunUntil([&] { return write.runs == 1; }));
    test.house.RunFor(10ms);
    test.house.file.Run("COMMIT");
    ASSERT_TRUE(test.AllAnswered());
  }
}

}  // namespace
}  // namespace sqlicorn
