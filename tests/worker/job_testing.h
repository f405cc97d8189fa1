// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "worker/sqlite/connection.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// What jobs did, in order: "+a" ran, "-a" was answered.
using JobLog = std::string;

// A script as a job of a scheduler. Runs either way without a transaction of its own.
class SqlJob final : public Job {
 public:
  SqlJob(Connection& connection, std::string sql, JobLog& log, std::string name = "x")
      : connection_(connection), sql_(std::move(sql)), log_(log), name_(std::move(name)) {
    autocommits = true;
  }

  OutcomeKind Run() override {
    EXPECT_FALSE(connection_.in_transaction()) << name_ << " reads what is not committed";
    return RunInside();
  }

  OutcomeKind RunInside() override {
    ++runs;
    log_ += "+" + name_;
    SqlStatus status = connection_.Execute(sql_);
    const OutcomeKind kind = status.ok()            ? OutcomeKind::kCommitted
                             : status.busy()        ? OutcomeKind::kBusy
                             : status.constraint()  ? OutcomeKind::kRejected
                             : status.interrupted() ? OutcomeKind::kTimedOut
                                                    : OutcomeKind::kFailed;
    outcome = {kind, std::move(status)};
    return kind;
  }

  void Finish() override {
    EXPECT_FALSE(connection_.in_transaction()) << name_ << " is answered before COMMIT";
    ++answers;
    log_ += "-" + name_;
    if (on_finish) {
      on_finish();
    }
  }

  std::function<void()> on_finish;
  int runs = 0;
  int answers = 0;

 private:
  Connection& connection_;
  const std::string sql_;
  JobLog& log_;
  const std::string name_;
};

}  // namespace sqlicorn
