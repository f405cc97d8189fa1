// SPDX-License-Identifier: MIT
#include "worker/plan/step_runner.h"

#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "common/base/result.h"
#include "worker/plan/step_rows.h"

namespace sqlicorn {
namespace {

struct Binder {
  Statement& statement;
  int index;

  void operator()(std::monostate) const { statement.BindNull(index); }

  void operator()(std::int64_t value) const { statement.BindInteger(index, value); }

  void operator()(double value) const { statement.BindReal(index, value); }

  void operator()(std::string_view value) const { statement.BindText(index, value); }

  void operator()(BlobView value) const { statement.BindBlob(index, value.octets); }
};

// Text is not copied: it lives in the request, which is unchanged until its answer, or is kept.
void Bind(Statement& statement, int index, const ValueSource& source, const PlanRun& run) {
  if (source.from == ValueSource::From::kField) {
    std::visit(Binder{statement, index}, run.params[source.index]);
  } else {
    run.result->kept[source.index].BindTo(statement, index);
  }
}

struct Truth {
  bool operator()(std::monostate) const { return false; }

  bool operator()(std::int64_t value) const { return value != 0; }

  bool operator()(double value) const { return value != 0; }

  bool operator()(std::string_view value) const { return !value.empty(); }

  bool operator()(BlobView value) const { return !value.octets.empty(); }
};

bool Holds(const Condition& condition, const PlanRun& run) {
  const ValueSource& source = condition.value;
  const bool is_true = source.from == ValueSource::From::kField
                           ? std::visit(Truth(), run.params[source.index])
                           : run.result->kept[source.index].IsTrue();
  return is_true == condition.wanted;
}

// A statement that gets nothing from the request can only blame itself.
Outcome OfFailure(const SqlStatus& status, bool takes_values) {
  if (takes_values && status.refuses_value()) {
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
  const bool named = step.rows == RowUse::kRespond || step.rows == RowUse::kObject;
  if (const std::string twice = statement.RepeatedColumn(); named && !twice.empty()) {
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

Outcome OfEnd(StepEnd end, const PlanStep& step, const PlanRun& run) {
  switch (end) {
    case StepEnd::kDone:
      return {};
    case StepEnd::kFailed:
      return OfFailure(step.statement->status(), !step.params.empty());
    case StepEnd::kStopped:
      return ToOutcome(SqlStatus::Interrupted("interrupted"));
    case StepEnd::kTooBig:
    case StepEnd::kTooMuch:
      break;
  }
  return ToOutcome(TooBig(end, run));
}

// SQLite keeps the number of the last statement that wrote.
std::int64_t ChangesOf(const PlanStep& step, const Connection& connection) {
  return step.statement->read_only() ? 0 : connection.changes();
}

SqlStatus NoArray(const StepItems& items) {
  return SqlStatus::Mismatch("field '" + items.name + "' must be a JSON array");
}

// What SQLite knows of the statement that has just ended.
void KeepCounts(const PlanStep& step, const PlanRun& run, Connection& connection) {
  if (step.keeps_changes) {
    run.result->kept[*step.keeps_changes].Add(ChangesOf(step, connection));
  }
  if (step.keeps_rowid) {
    run.result->kept[*step.keeps_rowid].Set(connection.last_insert_rowid());
  }
}

bool IsMet(const Expectation& expectation, std::size_t rows, std::int64_t changes) {
  switch (expectation.what) {
    case Expect::kAnything:
      return true;
    case Expect::kRow:
      return rows > 0;
    case Expect::kChanges:
      return changes > 0;
    case Expect::kNone:
      return rows == 0;
  }
  return true;
}

Outcome Unmet(int status, const std::string& detail) {
  return {OutcomeKind::kUnmet, SqlStatus(0, detail), "", status};
}

Outcome JudgeRows(const PlanStep& step, const PlanRun& run, std::size_t rows) {
  const bool no_value = step.needed && run.result->kept[*step.needed].type() == ColumnType::kNull;
  return step.missing != 0 && (rows == 0 || no_value) ? Unmet(step.missing, "") : Outcome();
}

Outcome RunOnce(PlanStep& step, const PlanRun& run, Connection& connection) {
  int index = 0;
  for (const ValueSource& source : step.params) {
    Bind(*step.statement, ++index, source, run);
  }
  std::size_t rows = 0;
  const StepEnd end = StepThrough(step, run, &rows);
  // Before anything returns: a statement in the middle of its rows pins its snapshot beyond the
  // transaction, and keeps checkpoints from starting the log over. Its status outlives this.
  step.statement->Reset();
  if (end == StepEnd::kFailed) {
    return OfEnd(end, step, run);
  }
  const bool counts = step.expect.what == Expect::kChanges;
  const std::int64_t changes = counts ? ChangesOf(step, connection) : 0;
  KeepCounts(step, run, connection);
  // Only now, as SQLite prepares anew within the step. What that has done is undone, where there
  // is a transaction.
  JudgeAnew(step, connection);
  if (!step.unfit.empty()) {
    return ToOutcome(SqlStatus::Outdated(step.unfit));
  }
  if (end != StepEnd::kDone) {
    return OfEnd(end, step, run);
  }
  if (!IsMet(step.expect, rows, changes)) {
    return Unmet(step.expect.status, step.expect.detail);
  }
  return JudgeRows(step, run, rows);
}

// Of the row that the items stand on.
bool TakeItem(const StepItems& items, const PlanRun& run) {
  if (items.statement.column(0).Text() != "array") {
    return false;
  }
  int column = 0;
  for (const std::size_t index : items.kept) {
    run.result->kept[index].Take(items.statement.column(++column));
  }
  return true;
}

Outcome RunForEach(PlanStep& step, const PlanRun& run, Connection& connection) {
  StepItems& items = *step.items;
  Bind(items.statement, 1, items.array, run);
  Outcome outcome;
  StepResult result = items.statement.Step();
  for (; result == StepResult::kRow; result = items.statement.Step()) {
    outcome = TakeItem(items, run) ? RunOnce(step, run, connection)
                                   : Outcome{OutcomeKind::kBadValue, NoArray(items)};
    if (outcome.kind != OutcomeKind::kCommitted) {
      break;
    }
  }
  items.statement.Reset();
  return result == StepResult::kFailed ? OfFailure(items.statement.status(), true) : outcome;
}

Outcome RunAsOftenAsItSays(PlanStep& step, const PlanRun& run, Connection& connection) {
  if (step.when && !Holds(*step.when, run)) {
    WriteNoRows(step, run);
    return JudgeRows(step, run, 0);
  }
  return step.items ? RunForEach(step, run, connection) : RunOnce(step, run, connection);
}

}  // namespace

Outcome ToOutcome(SqlStatus status) {
  const OutcomeKind kind = status.busy()         ? OutcomeKind::kBusy
                           : status.constraint() ? OutcomeKind::kRejected
                                                 : OutcomeKind::kFailed;
  return {kind, std::move(status)};
}

Outcome RunStep(PlanStep& step, const PlanRun& run, Connection& connection) {
  Outcome outcome = RunAsOftenAsItSays(step, run, connection);
  if (outcome.kind != OutcomeKind::kCommitted) {
    outcome.step = step.name;
  }
  return outcome;
}

}  // namespace sqlicorn
