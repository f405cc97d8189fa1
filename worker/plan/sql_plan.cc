// SPDX-License-Identifier: MIT
#include "worker/plan/sql_plan.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "worker/plan/json_rows.h"

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

bool AnyStepAsksConnection(const std::vector<PlanStep>& steps) {
  return std::any_of(steps.begin(), steps.end(),
                     [](const PlanStep& step) { return step.asks_connection; });
}

// In an immediate transaction, where no line of writers is, a plan that reads keeps writers out.
bool KeepsNobodyOut(TransactionMode mode) {
  return mode == TransactionMode::kNone || mode == TransactionMode::kDeferred;
}

struct Binder {
  Statement& statement;
  int index;

  void operator()(std::monostate) const { statement.BindNull(index); }

  void operator()(std::int64_t value) const { statement.BindInteger(index, value); }

  void operator()(double value) const { statement.BindReal(index, value); }

  void operator()(std::string_view value) const { statement.BindText(index, value); }

  void operator()(BlobView value) const { statement.BindBlob(index, value.octets); }
};

// Text is not copied: it lives in the request, which is unchanged until its answer.
void Bind(const PlanStep& step, std::span<const BoundParam> params) {
  int index = 0;
  for (const std::size_t param : step.params) {
    std::visit(Binder{*step.statement, ++index}, params[param]);
  }
}

enum class StepEnd {
  kDone,
  kFailed,
  kTooBig,   // there were too many rows at once
  kTooMuch,  // or in all
  kStopped,  // nobody wants the rows
};

StepEnd EndOf(StepResult result) {
  return result == StepResult::kFailed ? StepEnd::kFailed : StepEnd::kDone;
}

// What is found after a step to have become wrong must not have left before.
bool IsStillAsJudged(const PlanStep& step) {
  return step.statement->times_prepared_anew() == step.judged ||
         step.statement->RepeatedColumn().empty();
}

StepEnd StepThrough(const PlanStep& step, const PlanRun& run) {
  Statement& statement = *step.statement;
  StepResult result = statement.Step();
  // To the end, also where nobody wants the rows: an UPDATE … RETURNING that is left on a row
  // counts as in progress.
  if (step.rows == RowUse::kFetch) {
    for (; result == StepResult::kRow; result = statement.Step()) {
      statement.FetchRow();  // as an application would: SQLite decodes what is asked for
    }
    return EndOf(result);
  }
  run.rows->clear();  // of an attempt before this one
  JsonRows json(run.rows);
  std::size_t sent = 0;
  for (; result == StepResult::kRow; result = statement.Step()) {
    if (!json.Append(statement)) {
      return StepEnd::kTooBig;
    }
    const std::size_t gathered = run.rows->size();
    if (sent + gathered >= run.most.bytes) {  // with the bracket that closes them
      return StepEnd::kTooMuch;
    }
    if (run.stream == nullptr || gathered < RowStream::kBytes) {
      continue;
    }
    sent += gathered;
    if (!IsStillAsJudged(step) || !run.stream->Send()) {
      return StepEnd::kStopped;
    }
  }
  json.Close();
  return EndOf(result);
}

SqlStatus TooBig(StepEnd end, const PlanRun& run) {
  if (end == StepEnd::kTooMuch) {
    return SqlStatus::TooBig(
        fmt::format("the rows are larger than {} ({} bytes); give the statement a LIMIT",
                    run.most.setting, run.most.bytes));
  }
  return SqlStatus::TooBig(run.stream != nullptr
                               ? "a row is larger than 64 MiB"
                               : "the rows are larger than 64 MiB; give the statement a LIMIT");
}

Outcome ToOutcome(SqlStatus status) {
  const OutcomeKind kind = status.busy()         ? OutcomeKind::kBusy
                           : status.constraint() ? OutcomeKind::kRejected
                                                 : OutcomeKind::kFailed;
  return {kind, std::move(status)};
}

// A statement that gets nothing from the request can only blame itself.
Outcome ToOutcome(const PlanStep& step) {
  const SqlStatus& status = step.statement->status();
  if (!step.params.empty() && status.refuses_value()) {
    return {OutcomeKind::kBadValue, status};
  }
  return ToOutcome(status);
}

// A change of the schema may bring a `SELECT *` a column that it has already, and put a view in the
// place of a table that is written.
void JudgeAnew(PlanStep& step, Connection& connection) {
  const Statement& statement = *step.statement;
  if (statement.times_prepared_anew() == step.judged) {
    return;
  }
  step.judged = statement.times_prepared_anew();
  if (const std::string twice = statement.RepeatedColumn();
      step.rows == RowUse::kRespond && !twice.empty()) {
    step.unfit = TwoColumns(twice).message;
    return;
  }
  // To ask for the view makes all statements be prepared anew: once for each schema.
  const std::int64_t schema = connection.SchemaVersion();
  if (schema != std::exchange(step.schema, schema)) {
    const std::string view = connection.SilentViewOf(statement);
    step.unfit = view.empty() ? "" : SilentView(view).message;
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

SqlPlan::SqlPlan(TransactionStatements& transactions, TransactionMode mode,
                 std::vector<PlanStep> steps)
    : transactions_(transactions),
      mode_(mode),
      steps_(std::move(steps)),
      writes_(AnyStepWrites(steps_)),
      shares_snapshot_(!writes_ && KeepsNobodyOut(mode) && !AnyStepThinks(steps_)),
      asks_connection_(AnyStepAsksConnection(steps_)) {}

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
  if (Outcome failed = RunSteps(run, &done); failed.kind != OutcomeKind::kCommitted) {
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
  return RunSteps(run, &done);
}

Outcome SqlPlan::RunSteps(PlanRun& run, std::size_t* done) {
  if (unprepared()) {
    return ToOutcome(SqlStatus::Outdated(unprepared_));
  }
  for (; *done < steps_.size(); ++*done) {
    PlanStep& step = steps_[*done];
    // Time to think holds the loop and the transaction on purpose: it stands for what an
    // application does between two statements.
    if (step.statement == nullptr) {
      std::this_thread::sleep_for(step.think);
      continue;
    }
    Bind(step, run.params);
    const StepEnd end = StepThrough(step, run);
    // Before anything returns: a statement in the middle of its rows pins its snapshot beyond the
    // transaction, and keeps checkpoints from starting the log over. Its status outlives this.
    step.statement->Reset();
    if (end == StepEnd::kFailed) {
      return ToOutcome(step);
    }
    // Only now, as SQLite prepares anew within the step. What that has done is undone, where there
    // is a transaction.
    JudgeAnew(step, transactions_.connection());
    if (!step.unfit.empty()) {
      return ToOutcome(SqlStatus::Outdated(step.unfit));
    }
    if (end == StepEnd::kStopped) {
      return ToOutcome(SqlStatus::Interrupted("interrupted"));
    }
    if (end == StepEnd::kTooBig || end == StepEnd::kTooMuch) {
      return ToOutcome(TooBig(end, run));
    }
  }
  return {};
}

}  // namespace sqlicorn
