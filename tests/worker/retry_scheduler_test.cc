// SPDX-License-Identifier: MIT
#include "worker/turn/retry_scheduler.h"

#include <gtest/gtest.h>

#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_for.h"
#include "tests/worker/job_testing.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

class RetrySchedulerTest : public testing::Test {
 protected:
  RetrySchedulerTest() { file_.Run("PRAGMA journal_mode = wal; CREATE TABLE t (v INTEGER)"); }

  SqlJob Insert() { return SqlJob(*connection_, "INSERT INTO t VALUES (1)", log_); }

  void TurnFor(Duration time) {
    Timer stop(loop_, [this] { loop_.Stop(); });
    stop.Start(time);
    loop_.Run();
  }

  TempDir directory_;
  SqliteFile file_{directory_.File("t.db")};
  std::unique_ptr<Connection> connection_ =
      Connection::Open(directory_.File("t.db"), OpenMode::kReadWrite).value();
  Loop loop_;
  RetryScheduler scheduler_{loop_, kPatience};
  JobLog log_;
};

TEST_F(RetrySchedulerTest, TellsThatAWriteDidNotWait) {
  SqlJob job = Insert();
  scheduler_.Write(job);
  EXPECT_EQ(job.answers, 1);
  EXPECT_EQ(job.waited, Duration::zero());
}

TEST_F(RetrySchedulerTest, TellsHowLongAWriteWaitedForTheLock) {
  file_.Run("BEGIN IMMEDIATE");
  SqlJob job = Insert();
  scheduler_.Write(job);
  TurnFor(20ms);
  EXPECT_EQ(job.answers, 0);
  file_.Run("COMMIT");
  TurnFor(20ms);
  ASSERT_EQ(job.answers, 1);
  ASSERT_TRUE(job.waited);
  EXPECT_GE(*job.waited, 15ms);
  EXPECT_EQ(job.outcome.kind, OutcomeKind::kCommitted);
}

TEST_F(RetrySchedulerTest, KnowsNoWaitOfARead) {
  SqlJob job(*connection_, "SELECT * FROM t", log_);
  scheduler_.Read(job);
  EXPECT_EQ(job.answers, 1);
  EXPECT_FALSE(job.waited);
}

}  // namespace
}  // namespace sqlicorn
