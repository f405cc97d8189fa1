// SPDX-License-Identifier: MIT
#include "worker/turn/write_batch.h"

#include <sys/resource.h>

#include <csignal>
#include <deque>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"
#include "tests/worker/job_testing.h"
#include "worker/slice/run_limit.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;
using End = WriteBatch::End;
using enum OutcomeKind;

constexpr const char* kSchema =
    "CREATE TABLE t (v INTEGER UNIQUE, parent REFERENCES t (v) DEFERRABLE INITIALLY DEFERRED);"
    "CREATE TRIGGER no_13 BEFORE INSERT ON t WHEN new.v = 13 "
    "BEGIN SELECT RAISE(ROLLBACK, 'unlucky'); END";

std::string Insert(int v) {
  return "INSERT INTO t (v) VALUES (" + std::to_string(v) + ")";
}

class WriteBatchTest : public testing::Test {
 protected:
  explicit WriteBatchTest(const std::string& journal_mode = "wal") {
    observer_.Run("PRAGMA journal_mode = " + journal_mode);
    observer_.Run(kSchema);
    EXPECT_TRUE(connection_->Execute("PRAGMA foreign_keys = on").ok());
  }

  SqlJob& Add(const std::string& sql) {
    SqlJob& job = jobs_.emplace_back(*connection_, sql, log_);
    pointers_.push_back(&job);
    return job;
  }

  WriteBatch::Result Run(Duration max_hold = 10s) { return batch_.Run(pointers_, max_hold); }

  // Runs each job of an earlier result by itself.
  void RunAlone(const std::vector<Job*>& jobs) {
    for (Job* job : jobs) {
      const auto result = batch_.Run(std::vector<Job*>{job}, 10s);
      EXPECT_EQ(result.answers, std::vector<Job*>{job});
    }
  }

  [[nodiscard]] std::vector<OutcomeKind> Outcomes() const {
    std::vector<OutcomeKind> kinds;
    for (const SqlJob& job : jobs_) {
      kinds.push_back(job.outcome.kind);
    }
    return kinds;
  }

  std::string Table() {
    return observer_.Ask("SELECT group_concat(v) FROM (SELECT v FROM t ORDER BY v)");
  }

  TempDir directory_;
  SqliteFile observer_{directory_.File("t.db")};
  std::unique_ptr<Connection> connection_ =
      Connection::Open(directory_.File("t.db"), OpenMode::kReadWrite).value();
  TransactionStatements statements_ = TransactionStatements::Prepare(*connection_).value();
  WriteBatch batch_{*connection_, statements_};
  JobLog log_;
  std::deque<SqlJob> jobs_;
  std::vector<Job*> pointers_;
};

using Kinds = std::vector<OutcomeKind>;

TEST_F(WriteBatchTest, CommitsEveryJobInOrder) {
  for (const int v : {3, 1, 2}) {
    Add(Insert(v));
  }
  const auto result = Run();
  EXPECT_EQ(result.end, End::kDone);
  EXPECT_EQ(result.answers, pointers_);
  EXPECT_TRUE(result.again.empty());
  EXPECT_EQ(Outcomes(), (Kinds{kCommitted, kCommitted, kCommitted}));
  EXPECT_EQ(observer_.Ask("SELECT group_concat(v) FROM (SELECT v FROM t ORDER BY rowid)"), "3,1,2");
}

TEST_F(WriteBatchTest, FailsAJobThatBreaksAConstraintAlone) {
  for (const char* sql : {"INSERT INTO t (v) VALUES (1)",
                          "INSERT INTO t (v) VALUES (7); INSERT INTO t (v) VALUES (1)",
                          "INSERT INTO t (v) VALUES (2)"}) {
    Add(sql);
  }
  EXPECT_EQ(Run().answers, pointers_);
  EXPECT_EQ(Outcomes(), (Kinds{kCommitted, kRejected, kCommitted}));
  EXPECT_EQ(Table(), "1,2");
}

// It has held the turn for as long as it may, and would again.
TEST_F(WriteBatchTest, RunsAJobThatTookTooLongOnlyOnce) {
  RunLimit limit(*connection_);
  Add(Insert(1));
  Add("INSERT INTO t (v) WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n) "
      "SELECT i FROM n");
  Add(Insert(2));
  limit.Start({.deadline_us = MonotonicUs() + 20000});
  const auto result = Run();
  EXPECT_EQ(result.answers, std::vector<Job*>{pointers_[1]});
  EXPECT_EQ(result.again, (std::vector<Job*>{pointers_[0], pointers_[2]}));
  RunAlone(result.again);
  EXPECT_EQ(Outcomes(), (Kinds{kCommitted, kTimedOut, kCommitted}));
  EXPECT_EQ(Table(), "1,2");
}

TEST_F(WriteBatchTest, FailsAJobThatBreaksADeferredForeignKeyAlone) {
  Add(Insert(1));
  Add("INSERT INTO t VALUES (2, 99)");
  Add("INSERT INTO t VALUES (3, 1)");
  EXPECT_EQ(Run().answers, pointers_);
  EXPECT_EQ(Outcomes(), (Kinds{kCommitted, kRejected, kCommitted}));
  EXPECT_EQ(jobs_[1].outcome.status.name(), "SQLITE_CONSTRAINT_FOREIGNKEY");
  EXPECT_EQ(Table(), "1,3");
}

TEST_F(WriteBatchTest, RejectsALoneJobThatBreaksADeferredForeignKey) {
  Add("INSERT INTO t VALUES (2, 99)");
  EXPECT_EQ(Run().answers, pointers_);
  EXPECT_EQ(Outcomes(), Kinds{kRejected});
  EXPECT_EQ(Table(), "");
}

class BrokenTransaction : public WriteBatchTest, public testing::WithParamInterface<const char*> {};

TEST_P(BrokenTransaction, HasEveryJobRunAlone) {
  Add(Insert(1));
  Add(GetParam());
  Add(Insert(2));
  const auto result = Run();
  EXPECT_EQ(result.end, End::kDone);
  EXPECT_TRUE(result.answers.empty());
  EXPECT_EQ(result.again, pointers_);
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(Table(), "");
  EXPECT_TRUE(jobs_[0].alone && jobs_[1].alone);
  EXPECT_FALSE(jobs_[2].alone) << "it has not been executed";
  RunAlone(result.again);
  EXPECT_EQ(Outcomes(), (Kinds{kCommitted, kRejected, kCommitted}));
  EXPECT_EQ(Table(), "1,2");
}

INSTANTIATE_TEST_SUITE_P(By, BrokenTransaction,
                         testing::Values("INSERT OR ROLLBACK INTO t (v) VALUES (1)",
                                         "INSERT INTO t (v) VALUES (13)"));

TEST_F(WriteBatchTest, TellsNobodyOfAConflictWithWhatWasUndone) {
  Add(Insert(5));
  Add("INSERT OR ROLLBACK INTO t (v) VALUES (5)");
  const auto result = Run();
  EXPECT_TRUE(result.answers.empty());
  RunAlone({&jobs_[1]});  // the client of the first has gone meanwhile
  EXPECT_EQ(jobs_[1].outcome.kind, kCommitted);
}

TEST_F(WriteBatchTest, StopsWhenItHasHeldTheTurnForLong) {
  Add(Insert(1));
  Add(Insert(2));
  const auto result = Run(0s);
  EXPECT_EQ(result.answers, std::vector<Job*>{&jobs_[0]});
  EXPECT_EQ(result.again, std::vector<Job*>{&jobs_[1]});
  EXPECT_EQ(Table(), "1");
}

TEST_F(WriteBatchTest, ExecutesNothingWhileAForeignWriterHasTheLock) {
  observer_.Run("BEGIN IMMEDIATE");
  Add(Insert(1));
  Add(Insert(2));
  const auto result = Run();
  EXPECT_EQ(result.end, End::kLocked);
  EXPECT_EQ(result.again, pointers_);
  EXPECT_EQ(log_, "");
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(WriteBatchTest, AcknowledgesNobodyWhenTheCommitDoesNotFitOnTheDisk) {
  Add(Insert(1));
  Add(Insert(2));
  Add(Insert(1));
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit full{std::filesystem::file_size(directory_.File("t.db-wal")), limit.rlim_max};
  setrlimit(RLIMIT_FSIZE, &full);
  const auto result = Run();
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(result.answers, (std::vector<Job*>{&jobs_[0], &jobs_[1]}));
  EXPECT_EQ(result.again, std::vector<Job*>{&jobs_[2]}) << "nobody has its row now";
  EXPECT_EQ(Outcomes(), (Kinds{kFailed, kFailed, kRejected}));
  EXPECT_TRUE(jobs_[0].outcome.status.storage()) << jobs_[0].outcome.status.name();
  EXPECT_EQ(Table(), "");
  EXPECT_EQ(Run().answers, pointers_);
  EXPECT_EQ(Outcomes(), (Kinds{kCommitted, kCommitted, kRejected}));
}

TEST_F(WriteBatchTest, FailsTheJobForWhichTheDatabaseIsFull) {
  observer_.Run("CREATE TABLE big (b)");
  EXPECT_TRUE(connection_->Execute("PRAGMA max_page_count = 10").ok());
  Add(Insert(1));
  Add("INSERT INTO big VALUES (zeroblob(200000))");
  Add(Insert(2));
  auto result = Run();
  RunAlone(result.again);
  EXPECT_EQ(Outcomes(), (Kinds{kCommitted, kFailed, kCommitted}));
  EXPECT_EQ(Table(), "1,2");
}

class RollbackJournalBatch : public WriteBatchTest {
 protected:
  RollbackJournalBatch() : WriteBatchTest("delete") {
    Add(Insert(1));
    Add(Insert(2));
    observer_.Run("BEGIN");
    EXPECT_EQ(Table(), "");  // its lock keeps every COMMIT waiting
  }
};

TEST_F(RollbackJournalBatch, TriesACommitAgainThatReadersKeepWaiting) {
  EXPECT_EQ(Run().end, End::kCommitLocked);
  EXPECT_TRUE(connection_->in_transaction());
  EXPECT_EQ(batch_.Commit().end, End::kCommitLocked);
  observer_.Run("COMMIT");
  const auto result = batch_.Commit();
  EXPECT_EQ(result.end, End::kDone);
  EXPECT_EQ(result.answers, pointers_);
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(Table(), "1,2");
}

TEST_F(RollbackJournalBatch, UndoesWhatIsGivenUp) {
  EXPECT_EQ(Run().end, End::kCommitLocked);
  EXPECT_EQ(batch_.GiveUp().answers, pointers_);
  EXPECT_FALSE(connection_->in_transaction());
  observer_.Run("COMMIT");
  EXPECT_EQ(Table(), "");
}

TEST_F(RollbackJournalBatch, LetsOneThatIsRefusedKeepThatWhenTheOthersAreGivenUp) {
  Add("INSERT INTO t (v) VALUES (1.5), (1.5)");
  EXPECT_EQ(Run().end, End::kCommitLocked);
  const auto result = batch_.GiveUp();
  EXPECT_EQ(result.answers, (std::vector<Job*>{&jobs_[0], &jobs_[1]}));
  RunAlone(result.again);
  EXPECT_EQ(Outcomes().at(2), kRejected);
}

TEST_F(RollbackJournalBatch, KeepsTheRowButNotTheJobOfAClientThatHasGone) {
  EXPECT_EQ(Run().end, End::kCommitLocked);
  batch_.Forget(jobs_[0]);
  observer_.Run("COMMIT");
  EXPECT_EQ(batch_.Commit().answers, std::vector<Job*>{&jobs_[1]});
  EXPECT_EQ(Table(), "1,2");
}

}  // namespace
}  // namespace sqlicorn
