// SPDX-License-Identifier: MIT
#include "worker/plan/sql_plan.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "worker/plan/step_runner.h"

namespace sqlicorn {
namespace {

bool AnyStepWrites(const std::vector<PlanStep>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const PlanStep& step) {
    return step.statement != nullptr && !step.statement->read_only();
  });
}

bool AnyStepThinks(const std::vector<PlanStep>& steps) {
  return std::any_of(steps.begin(), steps.end(),
                     [](const PlanStep& step) { return step.statement == nullptr; });
}

bool EndsWithRows(const std::vector<PlanStep>& steps) {
  const auto decides = [](const PlanStep& step) {
    return step.rows == RowUse::kRespond || step.expect.what != Expect::kAnything ||
           step.missing != 0;
  };
  const auto last = std::find_if(steps.rbegin(), steps.rend(), decides);
  return last != steps.rend() && last->rows == RowUse::kRespond && last->lead.empty() &&
         last->expect.what == Expect::kAnything;
}

bool AnyStepAsksConnection(const std::vector<PlanStep>& steps) {
  return std::any_of(steps.begin(), steps.end(),
                     [](const PlanStep& step) { return step.asks_connection; });
}

// In an immediate transaction, where no line of writers is, a plan that reads keeps writers out.
bool KeepsNobodyOut(TransactionMode mode) {
  return mode == TransactionMode::kNone || mode == TransactionMode::kDeferred;
}

// Rows behind those of the times before; none where no step answers.
void AppendArray(std::string_view rows, std::string* all) {
  constexpr std::string_view kNone = "[]";
  if (rows.size() > kNone.size()) {
    const bool first = all->size() == kNone.size();
    all->pop_back();
    all->append(first ? "" : ",").append(rows.substr(1));
  }
}

}  // namespace

Error TwoColumns(std::string_view name) {
  return Error{fmt::format("two columns named '{}'; tell them apart with AS", name)};
}

Error SilentView(std::string_view name) {
  return Error{
      fmt::format("nothing: '{}' is a view without an INSTEAD OF trigger for it, which RETURNING "
                  "hides from SQLite",
                  name)};
}

SqlPlan::SqlPlan(TransactionStatements& transactions, TransactionMode mode, Parts parts)
    : transactions_(transactions),
      mode_(mode),
      steps_(std::move(parts.steps)),
      answer_(std::move(parts.answer)),
      kept_(parts.kept),
      writes_(AnyStepWrites(steps_)),
      shares_snapshot_(!writes_ && KeepsNobodyOut(mode) && !AnyStepThinks(steps_)),
      asks_connection_(AnyStepAsksConnection(steps_)),
      streams_(EndsWithRows(steps_) && !answer_.needs_all_rows) {}

SqlPlan::SqlPlan(TransactionStatements& transactions, std::string unprepared)
    : transactions_(transactions),
      mode_(TransactionMode::kNone),
      writes_(false),
      shares_snapshot_(false),
      asks_connection_(false),
      unprepared_(std::move(unprepared)) {}

Outcome SqlPlan::Execute(PlanRun& run) {
  // A look costs three stats: one for each write, and one a tick, which is enough for reads.
  SqlStatus place = writes_ ? transactions_.LookInPlace() : transactions_.LastPlace();
  if (!place.ok()) {
    return ToOutcome(std::move(place));
  }
  // Whatever returns from here on without a COMMIT rolls back: its destructor does.
  Transaction transaction(transactions_);
  if (SqlStatus begun = transaction.Begin(mode_); !begun.ok()) {
    return ToOutcome(std::move(begun));
  }
  // Steps that have committed by themselves are not run again when the job is.
  std::size_t done = run.done;
  if (Outcome failed = RunTimes(run, &done); failed.kind != OutcomeKind::kCommitted) {
    // Without a transaction the steps before the failed one have committed.
    run.done = autocommits() ? done : 0;
    return failed;
  }
  if (SqlStatus committed = transaction.Commit(); !committed.ok()) {
    return ToOutcome(std::move(committed));
  }
  return {};
}

Outcome SqlPlan::ExecuteInside(PlanRun& run) {
  std::size_t done = 0;
  return RunTimes(run, &done);
}

Outcome SqlPlan::RunTimes(PlanRun& run, std::size_t* done) {
  if (run.times == 1) {
    return RunSteps(run, done);
  }
  const std::size_t width = run.times == 0 ? 0 : run.params.size() / run.times;
  std::string all = "[]";
  for (std::size_t i = 0; i < run.times; ++i) {
    PlanRun one = run;
    one.params = run.params.subspan(i * width, width);
    *done = 0;
    run.rows->clear();  // those of the time before are in `all`
    if (Outcome failed = RunSteps(one, done); failed.kind != OutcomeKind::kCommitted) {
      return failed;
    }
    AppendArray(*run.rows, &all);
    if (all.size() > std::min(run.most.bytes, JsonRows::kMaxBytes)) {
      return ToOutcome(SqlStatus::TooBig("the rows of all objects are too large; send fewer"));
    }
  }
  if (std::any_of(steps_.begin(), steps_.end(),
                  [](const PlanStep& step) { return step.rows == RowUse::kRespond; })) {
    *run.rows = std::move(all);
  }
  return {};
}

Outcome SqlPlan::RunSteps(PlanRun& run, std::size_t* done) {
  if (unprepared()) {
    return ToOutcome(SqlStatus::Outdated(unprepared_));
  }
  if (run.result != nullptr && *done == 0) {
    run.result->Clear(kept_);
  }
  for (; *done < steps_.size(); ++*done) {
    PlanStep& step = steps_[*done];
    // Time to think holds the loop and the transaction on purpose: it stands for what an
    // application does between two statements.
    if (step.statement == nullptr) {
      std::this_thread::sleep_for(step.think);
    } else if (Outcome failed = RunStep(step, run, transactions_.connection());
               failed.kind != OutcomeKind::kCommitted) {
      return failed;
    }
  }
  return {};
}

}  // namespace sqlicorn
