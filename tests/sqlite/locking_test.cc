// SPDX-License-Identifier: MIT
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "tests/sqlite/test_database.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/transaction.h"

namespace sqlicorn {
namespace {

constexpr const char* kInsert = "INSERT INTO t VALUES (1)";
constexpr const char* kSelect = "SELECT count(*) FROM t";

// One connection with its transaction statements, as a worker has them.
class Client {
 public:
  Client(const std::string& path, const std::string& journal_mode)
      : connection_(OpenDatabase(path)), statements_(MakeStatements()) {
    Must(*connection_, "PRAGMA journal_mode = " + journal_mode);
  }

  Connection& operator*() { return *connection_; }

  Connection* operator->() { return connection_.get(); }

  TransactionStatements& statements() { return statements_; }

 private:
  TransactionStatements MakeStatements() {
    auto statements = TransactionStatements::Prepare(*connection_);
    EXPECT_TRUE(statements) << statements.error().message;
    return std::move(statements).value();
  }

  std::unique_ptr<Connection> connection_;
  TransactionStatements statements_;
};

// Two connections to one file with an empty table t, neither of which waits.
class Locking : public testing::TestWithParam<const char*> {
 protected:
  Locking() { Must(*ours_, "CREATE TABLE t (a)"); }

  [[nodiscard]] bool wal() const { return std::string(GetParam()) == "wal"; }

  [[nodiscard]] bool pinned() const { return IsPinned(directory_.File("x.db")); }

  TempDir directory_;
  Client ours_{directory_.File("x.db"), GetParam()};
  Client theirs_{directory_.File("x.db"), GetParam()};
};

class LockingInWal : public Locking {};

// A rollback journal: readers keep a writer from committing.
class LockingWithJournal : public Locking {};

TEST_P(Locking, FailsADeferredUpgradeWithoutWaiting) {
  ours_->SetBusyWait(BusyWait::kBackoff, kPatience);
  Transaction theirs(theirs_.statements());
  ASSERT_TRUE(theirs.Begin(TransactionMode::kImmediate).ok());
  Transaction ours(ours_.statements());
  ASSERT_TRUE(ours.Begin(TransactionMode::kDeferred).ok());
  Must(*ours_, kSelect);
  const TimePoint start = Clock::now();
  const SqlStatus upgrade = ours_->Execute(kInsert);
  EXPECT_LT(Clock::now() - start, kPatience);
  EXPECT_EQ(upgrade.name(), "SQLITE_BUSY");
  EXPECT_EQ(upgrade.message(), "database is locked");
}

TEST_P(LockingInWal, FailsADeferredUpgradeOfAStaleSnapshotForGood) {
  Transaction ours(ours_.statements());
  ASSERT_TRUE(ours.Begin(TransactionMode::kDeferred).ok());
  Must(*ours_, kSelect);
  Must(*theirs_, kInsert);
  EXPECT_EQ(ours_->Execute(kInsert).name(), "SQLITE_BUSY_SNAPSHOT");
  EXPECT_EQ(ours_->Execute(kInsert).name(), "SQLITE_BUSY_SNAPSHOT");
  ours.Rollback();
  Must(*ours_, kInsert);
}

TEST_P(LockingWithJournal, RetriesACommitThatFoundAReader) {
  Transaction reader(theirs_.statements());
  ASSERT_TRUE(reader.Begin(TransactionMode::kDeferred).ok());
  Must(*theirs_, kSelect);
  Transaction writer(ours_.statements());
  ASSERT_TRUE(writer.Begin(TransactionMode::kImmediate).ok());
  Must(*ours_, kInsert);
  EXPECT_TRUE(writer.Commit().busy());
  EXPECT_TRUE(writer.active());
  EXPECT_TRUE(writer.Commit().busy());
  ASSERT_TRUE(reader.Commit().ok());
  EXPECT_TRUE(writer.Commit().ok());
  EXPECT_FALSE(writer.active());
  EXPECT_EQ(Ask(*theirs_, kSelect), "1");
}

TEST_P(Locking, CommitsInWalBesideAReader) {
  Transaction reader(theirs_.statements());
  ASSERT_TRUE(reader.Begin(TransactionMode::kDeferred).ok());
  Must(*theirs_, kSelect);
  EXPECT_EQ(ours_->Execute(kInsert).ok(), wal());
}

TEST_P(Locking, LetsAnImmediateTransactionWaitForItsTurn) {
  for (const BusyWait wait : {BusyWait::kBackoff, BusyWait::kConstant}) {
    ours_->SetBusyWait(wait, kPatience);
    Transaction theirs(theirs_.statements());
    ASSERT_TRUE(theirs.Begin(TransactionMode::kImmediate).ok());
    SqlStatus begun(-1, "not yet");
    std::latch started(1);
    std::thread waiter([this, &begun, &started] {
      Transaction ours(ours_.statements());
      started.count_down();
      begun = ours.Begin(TransactionMode::kImmediate);
    });
    started.wait();
    Must(*theirs_, kInsert);
    // Each try of the waiter takes the read lock for a moment, which COMMIT may meet outside WAL.
    const TimePoint deadline = Clock::now() + kPatience / 2;
    SqlStatus committed = theirs.Commit();
    while (committed.busy() && Clock::now() < deadline) {
      committed = theirs.Commit();
    }
    EXPECT_TRUE(committed.ok()) << committed.message();
    waiter.join();
    EXPECT_TRUE(begun.ok()) << begun.message();
  }
}

TEST_P(Locking, GivesUpAfterTheTimeout) {
  constexpr Duration kTimeout = milliseconds(30);
  Transaction theirs(theirs_.statements());
  ASSERT_TRUE(theirs.Begin(TransactionMode::kImmediate).ok());
  for (const BusyWait wait : {BusyWait::kBackoff, BusyWait::kConstant}) {
    ours_->SetBusyWait(wait, kTimeout);
    for (int round = 0; round < 2; ++round) {
      Transaction ours(ours_.statements());
      const TimePoint start = Clock::now();
      EXPECT_TRUE(ours.Begin(TransactionMode::kImmediate).busy());
      EXPECT_GE(Clock::now() - start, kTimeout);
      EXPECT_FALSE(ours.active());
    }
  }
}

TEST_P(Locking, DoesNotWaitWithoutATimeout) {
  Transaction theirs(theirs_.statements());
  ASSERT_TRUE(theirs.Begin(TransactionMode::kImmediate).ok());
  ours_->SetBusyWait(BusyWait::kBackoff, kPatience);
  ours_->SetBusyWait(BusyWait::kNone, kPatience);
  const TimePoint start = Clock::now();
  EXPECT_TRUE(ours_->Execute(kInsert).busy());
  EXPECT_LT(Clock::now() - start, kPatience);
  EXPECT_EQ(ours_->busy_timeout(), Duration{});
}

TEST_P(Locking, RollsBackWhatIsNotCommitted) {
  for (const TransactionMode mode :
       {TransactionMode::kDeferred, TransactionMode::kImmediate, TransactionMode::kExclusive}) {
    {
      Transaction transaction(ours_.statements());
      ASSERT_TRUE(transaction.Begin(mode).ok());
      Must(*ours_, kInsert);
      EXPECT_TRUE(ours_->in_transaction());
    }
    EXPECT_FALSE(ours_->in_transaction());
    EXPECT_EQ(Ask(*ours_, kSelect), "0");
    Must(*theirs_, "INSERT INTO t VALUES (2); DELETE FROM t");
  }
}

TEST_P(Locking, CommitsEachStatementWithoutATransaction) {
  Transaction none(ours_.statements());
  ASSERT_TRUE(none.Begin(TransactionMode::kNone).ok());
  EXPECT_FALSE(none.active());
  Must(*ours_, kInsert);
  EXPECT_TRUE(none.Commit().ok());
  EXPECT_EQ(Ask(*theirs_, kSelect), "1");
}

TEST_P(Locking, FailsTheCommitOfATransactionThatAStatementEnded) {
  Must(*ours_, "CREATE UNIQUE INDEX u ON t (a)");
  Transaction transaction(ours_.statements());
  ASSERT_TRUE(transaction.Begin(TransactionMode::kImmediate).ok());
  Must(*ours_, kInsert);
  EXPECT_TRUE(ours_->Execute("INSERT OR ROLLBACK INTO t VALUES (1)").constraint());
  EXPECT_FALSE(transaction.active());
  EXPECT_EQ(transaction.Commit().name(), "SQLITE_ERROR");
}

TEST_P(Locking, PinsASnapshotOnlyUntilReset) {
  Must(*ours_, "INSERT INTO t VALUES (1), (2)");
  Statement select = PrepareOn(*ours_, "SELECT a FROM t");
  ASSERT_EQ(select.Step(), StepResult::kRow);
  EXPECT_TRUE(pinned());
  EXPECT_EQ(theirs_->Execute(kInsert).ok(), wal());
  select.Reset();
  EXPECT_FALSE(pinned());
  Must(*theirs_, kInsert);
}

TEST_P(Locking, ForgetsAStatementThatEndedByItself) {
  Statement select = PrepareOn(*ours_, "SELECT a FROM t");
  ASSERT_EQ(select.Step(), StepResult::kDone);
  EXPECT_FALSE(pinned());
  Must(*theirs_, "BEGIN IMMEDIATE");
  Statement insert = PrepareOn(*ours_, kInsert);
  ASSERT_EQ(insert.Step(), StepResult::kFailed);
  Must(*theirs_, "ROLLBACK");
  EXPECT_FALSE(pinned());
  EXPECT_EQ(insert.Step(), StepResult::kDone);
}

constexpr auto kModeName = [](const auto& mode) { return std::string(mode.param); };

INSTANTIATE_TEST_SUITE_P(JournalModes, Locking,
                         testing::Values("delete", "truncate", "persist", "wal"), kModeName);
INSTANTIATE_TEST_SUITE_P(JournalModes, LockingInWal, testing::Values("wal"), kModeName);
INSTANTIATE_TEST_SUITE_P(JournalModes, LockingWithJournal,
                         testing::Values("delete", "truncate", "persist"), kModeName);

}  // namespace
}  // namespace sqlicorn
