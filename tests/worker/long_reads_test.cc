// SPDX-License-Identifier: MIT
#include "worker/slice/long_reads.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/worker/long_reads_testing.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

TEST_F(LongReadsTest, RunsOneInSlicesToItsEnd) {
  Make();
  TestRead read("a", kLong, &log_);
  reads_->Submit(read);
  EXPECT_FALSE(read.ended);
  RunUntil(loop_, [&] { return read.ended; });
  EXPECT_EQ(read.rows, R"([{"top":2000000,"rows":1}])");
  EXPECT_GT(read.slices, 10);
  EXPECT_EQ(reads_->size(), 0U);
}

TEST_F(LongReadsTest, SharesTheTimeAmongThoseThatRun) {
  Make();
  TestRead longer("a", kLong, &log_);
  TestRead shorter("b", kLong / 4, &log_);
  reads_->Submit(longer);
  reads_->Submit(shorter);
  RunUntil(loop_, [&] { return longer.ended && shorter.ended; });
  EXPECT_EQ(log_, "ba");
  EXPECT_EQ(opened_, 2);
}

TEST_F(LongReadsTest, LetsThoseBeyondTheBoundWaitInLine) {
  Make(2);
  TestRead a("a", kEndless, &log_);
  TestRead b("b", kEndless, &log_);
  TestRead c("c", 1, &log_);
  TestRead d("d", 1, &log_);
  for (TestRead* read : {&a, &b, &c, &d}) {
    reads_->Submit(*read);
  }
  UntilSuspended(b);
  EXPECT_EQ(reads_->size(), 4U);
  EXPECT_EQ(c.slices, 0);
  reads_->Withdraw(a);
  RunUntil(loop_, [&] { return d.ended; });
  EXPECT_EQ(log_, "cd");
  EXPECT_EQ(opened_, 2);
  reads_->Stop();
}

TEST_F(LongReadsTest, EndsWhatTakesTooLongAndTellsWhoHasOnlyWaited) {
  Make(1);
  TestRead runs("a", kEndless, &log_);
  TestRead waits("b", kEndless, &log_);
  runs.limit = {0.2, "the.setting"};
  waits.limit = {0.05, "the.setting"};
  reads_->Submit(runs);
  reads_->Submit(waits);
  RunUntil(loop_, [&] { return runs.ended && waits.ended; });
  EXPECT_EQ(runs.outcome.kind, OutcomeKind::kTimedOut);
  EXPECT_EQ(runs.outcome.status.message(), "interrupted: it took longer than the.setting (0.2 s)");
  EXPECT_EQ(waits.outcome.kind, OutcomeKind::kNoTurn);
  EXPECT_EQ(waits.outcome.status.message(),
            "too many reads are long: within the.setting (0.05 s) none of database.long_reads had "
            "ended");
  EXPECT_EQ(waits.slices, 0);
}

TEST_F(LongReadsTest, DoesNotCountTheTimeInLine) {
  Make(1);
  TestRead runs("a", kEndless, &log_);
  TestRead waits("b", kEndless, &log_);
  runs.limit = {0.05, "x"};
  waits.limit = {1000, "x"};
  reads_->Submit(runs);
  reads_->Submit(waits);
  const std::int64_t in_line_us = waits.deadline_us;
  UntilSuspended(waits);
  EXPECT_TRUE(runs.ended);
  EXPECT_GE(waits.deadline_us, in_line_us + 40000);
  reads_->Stop();
}

TEST_F(LongReadsTest, EndsWhatIsWithdrawnAtOnceAndForgetsIt) {
  Make(1);
  TestRead runs("a", kEndless, &log_);
  TestRead waits("b", kEndless, &log_);
  reads_->Submit(runs);
  reads_->Submit(waits);
  UntilSuspended(runs);
  reads_->Withdraw(waits);
  reads_->Withdraw(runs);
  EXPECT_EQ(reads_->size(), 0U);
  EXPECT_TRUE(runs.outcome.status.interrupted());
  EXPECT_EQ(log_, "");
  EXPECT_FALSE(IsPinned(config_.database.path));
}

TEST_F(LongReadsTest, LeavesNothingBehindWhenStopped) {
  Make(1);
  TestRead runs("a", kEndless, &log_);
  TestRead waits("b", kEndless, &log_);
  reads_->Submit(runs);
  reads_->Submit(waits);
  UntilSuspended(runs);
  EXPECT_TRUE(IsPinned(config_.database.path));
  reads_->Stop();
  EXPECT_FALSE(IsPinned(config_.database.path));
  EXPECT_EQ(log_, "");
}

// Each has the connections of its own, so that a write is no upgrade of a read.
TEST_F(LongReadsTest, WritesOfTheWorkerCommitMeanwhileAndAreNotSeen) {
  Make();
  TestRead read("a", kLong, &log_);
  reads_->Submit(read);
  UntilSuspended(read);
  Must(*main_, "BEGIN IMMEDIATE; INSERT INTO t VALUES (2); COMMIT");
  EXPECT_EQ(Ask(*main_, "SELECT count(*) FROM t"), "2");
  RunUntil(loop_, [&] { return read.ended; });
  EXPECT_EQ(read.rows, R"([{"top":2000000,"rows":1}])");
  TestRead next("b", 1, &log_);
  reads_->Submit(next);
  RunUntil(loop_, [&] { return next.ended; });
  EXPECT_EQ(next.rows, R"([{"top":1,"rows":2}])");
}

TEST_F(LongReadsTest, AChangeOfTheSchemaIsSeenByTheNext) {
  Make(1);
  TestRead read("a", kLong, &log_);
  reads_->Submit(read);
  UntilSuspended(read);
  Must(*main_, "DROP TABLE t");
  RunUntil(loop_, [&] { return read.ended; });
  EXPECT_EQ(read.rows, R"([{"top":2000000,"rows":1}])");
  TestRead next("b", 1, &log_);
  reads_->Submit(next);
  RunUntil(loop_, [&] { return next.ended; });
  EXPECT_TRUE(next.outcome.status.outdated()) << next.outcome.status.message();
}

// Only one connection of a worker makes checkpoints, also at the close of the others.
TEST_F(LongReadsTest, NeverMakesACheckpoint) {
  Must(*main_,
       "PRAGMA wal_autocheckpoint = 0; CREATE TABLE big (v); INSERT INTO big SELECT "
       "randomblob(1000000)");
  const auto log_bytes = [this] { return fs::file_size(config_.database.path + "-wal"); };
  const auto database_bytes = [this] { return fs::file_size(config_.database.path); };
  const std::uintmax_t log = log_bytes();
  const std::uintmax_t database = database_bytes();
  ASSERT_GT(log, 1000000U);
  Make();
  TestRead read("a", kLong, &log_);
  reads_->Submit(read);
  RunUntil(loop_, [&] { return read.ended; });
  reads_->Stop();
  EXPECT_EQ(log_bytes(), log);
  EXPECT_EQ(database_bytes(), database);
}

TEST_F(LongReadsTest, HoldsAReadUntilItsClientHasTakenWhatThereIs) {
  Make(1);
  TestRead read("a", 5000, &log_);
  read.endpoint = 1;
  read.streams = true;
  reads_->Submit(read);
  while (!read.ended) {
    const int held = read.held;
    RunUntil(loop_, [&] { return read.held > held || read.ended; });
    const int slices = read.slices;
    if (!read.ended) {
      TestRead other("b", 1, &log_);  // runs meanwhile, as the one that is held does not
      reads_->Submit(other);
      RunUntil(loop_, [&] { return other.ended; });
      EXPECT_EQ(read.slices, slices);
      reads_->GoOn(read);
    }
  }
  EXPECT_GT(read.held, 2);
  EXPECT_EQ(read.held, read.parts);
  EXPECT_EQ(read.outcome.kind, OutcomeKind::kCommitted);
  const std::string rows = read.sent + read.rows;
  EXPECT_TRUE(rows.starts_with(R"([{"i":1,)") && rows.ends_with("}]")) << rows.size();
  EXPECT_EQ(Count(rows, R"("i":)"), 5000U);
}

TEST_F(LongReadsTest, DoesNotCountTheTimeInWhichAReadIsHeld) {
  Make(1);
  TestRead read("a", 5000, &log_);
  read.endpoint = 1;
  read.streams = true;
  read.limit = {1000, "x"};
  reads_->Submit(read);
  const std::int64_t deadline_us = read.deadline_us;
  RunUntil(loop_, [&] { return read.held == 1; });
  const TimePoint held = Clock::now();
  RunUntil(loop_, [&] { return Clock::now() - held > milliseconds(20); });
  reads_->GoOn(read);
  EXPECT_GE(read.deadline_us, deadline_us + 20000);
  reads_->Stop();
}

TEST_F(LongReadsTest, EndsAReadThatIsHeldWhenItIsWithdrawn) {
  Make(1);
  TestRead read("a", kEndless, &log_);
  read.endpoint = 1;
  read.streams = true;
  reads_->Submit(read);
  RunUntil(loop_, [&] { return read.held == 1; });
  EXPECT_TRUE(IsPinned(config_.database.path));
  reads_->GoOn(read);
  RunUntil(loop_, [&] { return read.held == 2; });
  reads_->Withdraw(read);
  reads_->GoOn(read);
  EXPECT_TRUE(read.outcome.status.interrupted());
  EXPECT_FALSE(IsPinned(config_.database.path));
}

TEST_F(LongReadsTest, EndsAllWhenTheDatabaseIsReplaced) {
  Make(1);
  TestRead runs("a", kEndless, &log_);
  TestRead waits("b", kEndless, &log_);
  reads_->Submit(runs);
  reads_->Submit(waits);
  UntilSuspended(runs);
  fs::rename(config_.database.path, config_.database.path + ".old");
  EXPECT_FALSE(main_->place().Look().ok());
  RunUntil(loop_, [&] { return runs.ended && waits.ended; });
  for (const TestRead* read : {&runs, &waits}) {
    EXPECT_EQ(read->outcome.status.name(), "SQLITE_READONLY_DBMOVED");
  }
}

TEST_F(LongReadsTest, TriesAgainToOpenAConnectionAsLongAsALockMayLast) {
  int tries = 0;
  const auto refuse = [&]() -> Result<std::unique_ptr<Connection>> {
    ++tries;
    return Error{"no descriptor"};
  };
  TestRead patient("a", 1, &log_);
  LongReads again({loop_, config_, *main_, refuse}, {2, milliseconds(1), seconds(100)});
  again.Submit(patient);
  RunUntil(loop_, [&] { return tries > 2; });
  EXPECT_FALSE(patient.ended);
  TestRead read("b", 1, &log_);
  LongReads once({loop_, config_, *main_, refuse}, {2, milliseconds(1), Duration::zero()});
  once.Submit(read);
  RunUntil(loop_, [&] { return read.ended; });
  EXPECT_EQ(read.outcome.kind, OutcomeKind::kFailed);
  EXPECT_TRUE(read.outcome.status.storage());
  EXPECT_EQ(read.outcome.status.message(), "no descriptor");
}

}  // namespace
}  // namespace sqlicorn
