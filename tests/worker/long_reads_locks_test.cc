// SPDX-License-Identifier: MIT
// A suspended read and the locks of its worker, which SQLite counts by process and inode.
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/worker/long_reads_testing.h"
#include "worker/sqlite/lock_holders.h"

namespace sqlicorn {
namespace {

// That this process holds on the file.
std::size_t LocksOn(const std::string& path) {
  const auto locks = ReadFile("/proc/locks");
  EXPECT_TRUE(locks) << locks.error().message;
  return Count(*locks, fmt::format(" {} {} ", getpid(), LockPlaceOf(path)));
}

// Where readers hold a shared lock on the file itself.
class RollbackJournal : public LongReadsTest {
 protected:
  RollbackJournal() : LongReadsTest("delete") {}

  SqlStatus Commit() { return main_->Execute("COMMIT"); }
};

// SQLite counts the locks of a process by inode: that one of its connections is done with reading
// does not let a writer of the process pass the other.
TEST_F(RollbackJournal, CommitWaitsForEveryReaderOfTheWorkerAndNotForLonger) {
  Make();
  TestRead a("a", kEndless, &log_);
  TestRead b("b", kEndless, &log_);
  reads_->Submit(a);
  reads_->Submit(b);
  UntilSuspended(a);
  UntilSuspended(b);
  Must(*main_, "BEGIN IMMEDIATE; INSERT INTO t VALUES (2)");
  EXPECT_TRUE(Commit().busy());
  reads_->Withdraw(a);
  EXPECT_TRUE(Commit().busy());
  reads_->Withdraw(b);
  EXPECT_TRUE(Commit().ok());
}

// COMMIT keeps the pending lock that it has: those who read go on, and it lets nobody else begin.
TEST_F(RollbackJournal, WhoReadsGoesOnUnderAWaitingCommitAndWhoBeginsWaitsForIt) {
  Make();
  TestRead reads("a", kLong, &log_);
  reads_->Submit(reads);
  UntilSuspended(reads);
  Must(*main_, "BEGIN IMMEDIATE; INSERT INTO t VALUES (2)");
  EXPECT_TRUE(Commit().busy());
  TestRead begins("b", 1, &log_);
  reads_->Submit(begins);
  RunUntil(loop_, [&] { return reads.ended; });
  EXPECT_EQ(reads.rows, R"([{"top":2000000,"rows":1}])");
  EXPECT_FALSE(begins.ended);
  EXPECT_TRUE(Commit().ok());
  RunUntil(loop_, [&] { return begins.ended; });
  EXPECT_EQ(begins.rows, R"([{"top":1,"rows":2}])");
}

TEST_F(RollbackJournal, WhoWaitsForALockEndsWhenItIsWithdrawn) {
  Make();
  TestRead opens("x", 1, &log_);
  reads_->Submit(opens);
  RunUntil(loop_, [&] { return opens.ended; });
  Must(*main_, "BEGIN EXCLUSIVE; INSERT INTO t VALUES (2)");
  TestRead read("a", 1, &log_);
  reads_->Submit(read);
  RunUntil(loop_, [&] { return read.slices > 2; });
  reads_->Withdraw(read);
  EXPECT_EQ(reads_->size(), 0U);
  Must(*main_, "COMMIT");
}

// To close a descriptor of the file would drop all locks of the process, were it not SQLite that
// closes it.
TEST_F(RollbackJournal, TheLocksOfTheWorkerOutliveAClosedReader) {
  Make();
  TestRead read("a", 1, &log_);
  reads_->Submit(read);
  RunUntil(loop_, [&] { return read.ended; });
  Must(*main_, "BEGIN EXCLUSIVE; INSERT INTO t VALUES (2)");
  const std::size_t locks = LocksOn(config_.database.path);
  EXPECT_GT(locks, 0U);
  reads_->Stop();
  EXPECT_EQ(LocksOn(config_.database.path), locks);
  Must(*main_, "COMMIT");
  EXPECT_EQ(LocksOn(config_.database.path), 0U);
}

}  // namespace
}  // namespace sqlicorn
