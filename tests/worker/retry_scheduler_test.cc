// SPDX-License-Identifier: MIT
#include "worker/turn/retry_scheduler.h"

#include <algorithm>
#include <deque>
#include <utility>

#include <gtest/gtest.h>

#include "common/uv/watchers.h"
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

  void RunFor(Duration time) {
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
  RunFor(20ms);
  EXPECT_EQ(job.answers, 0);
  file_.Run("COMMIT");
  RunFor(20ms);
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

// Jobs that hold the loop for longer than their share of a round, and find a lock the first time.
class SharedRounds : public testing::Test {
 protected:
  class SlowJob final : public Job {
   public:
    explicit SlowJob(int& runs) : runs_(runs) {}

    OutcomeKind Run() override {
      ++runs_;
      const TimePoint end = Clock::now() + 2 * RetryScheduler::kShare;
      while (Clock::now() < end) {
      }
      return std::exchange(locked, false) ? OutcomeKind::kBusy : OutcomeKind::kCommitted;
    }

    OutcomeKind RunInside() override { return Run(); }

    void Finish() override { finished = true; }

    bool locked = false;
    bool finished = false;

   private:
    int& runs_;
  };

  SharedRounds() {
    for (int i = 0; i < 5; ++i) {
      jobs_.emplace_back(runs_);
    }
  }

  void ReadAll() {
    for (SlowJob& job : jobs_) {
      scheduler_.Read(job);
    }
    runs_ = 0;  // in this round so far
  }

  // Until all are finished, or the test fails.
  void RunTheLoop() {
    const TimePoint deadline = Clock::now() + kPatience;
    Timer look(loop_, [&] {
      ++looks_;
      if (AllFinished() || Clock::now() > deadline) {
        loop_.Stop();
      }
    });
    look.Start(0ms, 1ms);
    loop_.Run();
    EXPECT_TRUE(AllFinished());
  }

  [[nodiscard]] bool AllFinished() const {
    return std::all_of(jobs_.begin(), jobs_.end(), [](const auto& job) { return job.finished; });
  }

  Loop loop_;
  RetryScheduler scheduler_{loop_, kPatience};
  int runs_ = 0;
  int most_ = 0;   // runs in one round
  int looks_ = 0;  // rounds in which somebody else had a look at the world
  const RoundHook hook_{loop_, [this] { most_ = std::max(most_, std::exchange(runs_, 0)); }};
  std::deque<SlowJob> jobs_;
};

TEST_F(SharedRounds, ServeOneAfterAnotherOfThoseThatWereParked) {
  scheduler_.Pause();
  ReadAll();
  scheduler_.Resume();
  RunTheLoop();
  EXPECT_EQ(most_, 1);
  EXPECT_GE(looks_, 5);
}

TEST_F(SharedRounds, ServeOneAfterAnotherOfThoseThatFoundALock) {
  for (SlowJob& job : jobs_) {
    job.locked = true;
  }
  ReadAll();  // takes so long that all are due at once
  RunTheLoop();
  EXPECT_EQ(most_, 1);
  EXPECT_GE(looks_, 5);
}

TEST_F(SharedRounds, RunNothingWhilePaused) {
  jobs_.front().locked = true;
  scheduler_.Read(jobs_.front());
  scheduler_.Pause();
  scheduler_.Read(jobs_.back());
  Timer stop(loop_, [this] { loop_.Stop(); });
  stop.Start(20ms);
  runs_ = 0;
  loop_.Run();
  EXPECT_EQ(most_, 0);
  scheduler_.Resume();
  scheduler_.Withdraw(jobs_.back());
  stop.Start(20ms);
  loop_.Run();
  EXPECT_TRUE(jobs_.front().finished);
  EXPECT_FALSE(jobs_.back().finished);
}

}  // namespace
}  // namespace sqlicorn
