// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "common/uv/watchers.h"
#include "tests/sqlite/test_database.h"
#include "worker/turn/snapshot_scheduler.h"

namespace sqlicorn {

// A read that asks how many rows there are.
class CountJob final : public Job {
 public:
  explicit CountJob(Connection& connection) : connection_(connection) { shares_snapshot = true; }

  OutcomeKind Run() override {
    EXPECT_FALSE(connection_.in_transaction());
    ++alone;
    return Count();
  }

  OutcomeKind RunInside() override {
    EXPECT_TRUE(connection_.in_transaction());
    ++inside;
    return Count();
  }

  void Finish() override {
    EXPECT_FALSE(connection_.in_transaction()) << "answered within the snapshot";
    ++answers;
    if (on_finish) {
      on_finish();
    }
  }

  std::string sql = "SELECT count(*) FROM t";
  std::function<void()> after;  // it has run
  std::function<void()> on_finish;
  std::string found;
  int alone = 0;
  int inside = 0;
  int answers = 0;

 private:
  OutcomeKind Count() {
    Statement statement = PrepareOn(connection_, sql);
    const bool row = statement.Step() == StepResult::kRow;
    found = row ? std::string(statement.column(0).Text()) : "";
    const SqlStatus& status = statement.status();
    outcome = {row             ? OutcomeKind::kCommitted
               : status.busy() ? OutcomeKind::kBusy
                               : OutcomeKind::kFailed,
               status};
    statement.Reset();
    if (after) {
      after();
    }
    return outcome.kind;
  }

  Connection& connection_;
};

// A scheduler that may have a transaction open.
class Behind final : public Scheduler {
 public:
  void Read(Job& job) override { direct_.Read(job); }

  void Write(Job& job) override { direct_.Write(job); }

  void Settle(Job& job) override { direct_.Settle(job); }

  void Withdraw(Job& /*job*/) override {}

  [[nodiscard]] bool transaction_open() const override { return open; }

  bool open = false;

 private:
  DirectScheduler direct_;
};

// Reads of one connection beside another that writes, in the journal mode of the parameter.
class SnapshotSchedulerTest : public testing::TestWithParam<const char*> {
 protected:
  SnapshotSchedulerTest() {
    Must(*other_, std::string("PRAGMA journal_mode = ") + GetParam() +
                      "; PRAGMA synchronous = off; CREATE TABLE t (v)");
    Ask(*connection_, "SELECT count(*) FROM t");  // which reads the schema
    transactions_.emplace(TransactionStatements::Prepare(*connection_).value());
    UseBehind(std::make_unique<DirectScheduler>());
  }

  // Without limits of time, which a busy machine would reach anywhere.
  void UseBehind(std::unique_ptr<Scheduler> behind,
                 const ReadLimits& limits = {.snapshot = kPatience, .round = kPatience}) {
    scheduler_ =
        std::make_unique<SnapshotScheduler>(loop_, *transactions_, std::move(behind), limits);
  }

  CountJob& Submit() {
    CountJob& job = jobs_.emplace_back(*connection_);
    scheduler_->Read(job);
    return job;
  }

  // Only in WAL mode it can be done beside a reader; else it is not, and there is nothing to see.
  bool Insert() { return other_->Execute("INSERT INTO t VALUES (1)").ok(); }

  // With `scheduler_` at the end of each round, as in a worker.
  bool RunUntil(const std::function<bool()>& done) {
    RoundHook round(loop_, [&] {
      scheduler_->OnRoundEnd();
      if (done()) {
        loop_.Stop();
      }
    });
    Timer give_up(loop_, [this] { loop_.Stop(); });
    give_up.Start(kPatience);
    loop_.Run();
    return done();
  }

  [[nodiscard]] bool AllAnswered() const {
    for (const CountJob& job : jobs_) {
      if (job.answers != 1) {
        return false;
      }
    }
    return true;
  }

  TempDir directory_;
  std::unique_ptr<Connection> other_ = OpenDatabase(directory_.File("t.db"));
  std::unique_ptr<Connection> connection_ = OpenDatabase(directory_.File("t.db"));
  std::optional<TransactionStatements> transactions_;
  Loop loop_;
  std::unique_ptr<SnapshotScheduler> scheduler_;
  std::deque<CountJob> jobs_;
};

}  // namespace sqlicorn
