// SPDX-License-Identifier: MIT
#include "worker/plan/step_rows.h"

#include <string_view>
#include <utility>

#include "common/base/result.h"
#include "worker/plan/csv_rows.h"

namespace sqlicorn {
namespace {

StepEnd EndOf(StepResult result) {
  return result == StepResult::kFailed ? StepEnd::kFailed : StepEnd::kDone;
}

// What is found after a step to have become wrong must not have left before.
bool IsStillAsJudged(const PlanStep& step) {
  return step.statement->times_prepared_anew() == step.judged ||
         step.statement->RepeatedColumn().empty();
}

// By name: after a change of the schema the columns may stand elsewhere.
void Keep(const PlanStep& step, const PlanRun& run, bool first) {
  const Statement& statement = *step.statement;
  for (const KeptColumn& kept : step.keeps) {
    if (!first && kept.row == KeptRow::kFirst) {
      continue;
    }
    for (int column = 0; column < statement.column_count(); ++column) {
      if (statement.column_name(column) == kept.column) {
        run.result->kept[kept.index].Take(statement.column(column));
        break;
      }
    }
  }
}

// To the end, also where nobody wants the rows: an UPDATE … RETURNING that is left on a row counts
// as in progress.
template <typename Take>
StepEnd ForEachRow(const PlanStep& step, const PlanRun& run, std::size_t* rows, const Take& take) {
  Statement& statement = *step.statement;
  StepResult result = statement.Step();
  for (; result == StepResult::kRow; result = statement.Step()) {
    if (!step.keeps.empty()) {
      Keep(step, run, *rows == 0);
    }
    ++*rows;
    if (const StepEnd end = take(); end != StepEnd::kDone) {
      return end;
    }
  }
  return EndOf(result);
}

// Makes `use` of a writer of the form that the client wants.
template <typename Use>
auto WithWriter(const PlanStep& step, const PlanRun& run, const Use& use) {
  const JsonStyle* const style = step.style ? &*step.style : nullptr;
  switch (run.format) {
    case RowFormat::kCsv:
      return use(CsvRows(run.rows, *step.statement));
    case RowFormat::kNdjson:
      return use(NdjsonRows(run.rows, style));
    case RowFormat::kJson:
      break;
  }
  return use(JsonRows(run.rows, style));
}

void MakeRoom(const PlanRun& run) {
  if (run.stream != nullptr && run.rows->size() > RowStream::kRoom / 4) {
    run.rows->reserve(RowStream::kRoom);
  }
}

template <typename Writer>
StepEnd WriteRows(const PlanStep& step, const PlanRun& run, std::size_t* rows, Writer writer) {
  const Statement& statement = *step.statement;
  std::size_t sent = 0;
  const StepEnd end = ForEachRow(step, run, rows, [&] {
    if (!writer.Append(statement)) {
      return StepEnd::kTooBig;
    }
    const std::size_t gathered = run.rows->size();
    if (sent + gathered >= run.most.bytes) {  // with the bracket that closes them
      return StepEnd::kTooMuch;
    }
    if (run.stream == nullptr || gathered < RowStream::kBytes) {
      MakeRoom(run);
      return StepEnd::kDone;
    }
    sent += gathered;
    return IsStillAsJudged(step) && run.stream->Send() ? StepEnd::kDone : StepEnd::kStopped;
  });
  if (end == StepEnd::kDone) {
    writer.Close();
  }
  return end;
}

StepEnd RespondWithRows(const PlanStep& step, const PlanRun& run, std::size_t* rows) {
  return WithWriter(step, run,
                    [&](auto writer) { return WriteRows(step, run, rows, std::move(writer)); });
}

StepEnd RespondWithFirst(const PlanStep& step, const PlanRun& run, std::size_t* rows) {
  JsonObjects object(run.rows, step.style ? &*step.style : nullptr);
  return ForEachRow(step, run, rows, [&] {
    return *rows > 1 || object.Append(*step.statement) ? StepEnd::kDone : StepEnd::kTooBig;
  });
}

// NULL is no value: as if there were no row.
StepEnd RespondWithValue(const PlanStep& step, const PlanRun& run, std::size_t* rows) {
  const StepEnd end = ForEachRow(step, run, rows, [&] {
    if (*rows > 1) {
      return StepEnd::kDone;
    }
    const ColumnValue value = step.statement->column(0);
    run.result->value_type = value.type();
    const std::string_view octets = value.type() == ColumnType::kBlob ? value.Blob() : value.Text();
    if (octets.size() > JsonRows::kMaxBytes) {
      return StepEnd::kTooBig;
    }
    *run.rows = octets;
    return StepEnd::kDone;
  });
  *rows = run.result->value_type == ColumnType::kNull ? 0 : *rows;
  return end;
}

void BeginAnswer(const PlanStep& step, const PlanRun& run) {
  if (step.begins_answer) {
    run.rows->clear();  // of an attempt before this one
  }
  *run.rows += step.lead;
}

StepEnd TakeForAnswer(const PlanStep& step, const PlanRun& run, std::size_t* rows) {
  switch (step.rows) {
    case RowUse::kObject:
      return RespondWithFirst(step, run, rows);
    case RowUse::kValue:
      CHECK(run.result != nullptr);
      return RespondWithValue(step, run, rows);
    default:
      return RespondWithRows(step, run, rows);
  }
}

}  // namespace

StepEnd StepThrough(const PlanStep& step, const PlanRun& run, std::size_t* rows) {
  CHECK(step.keeps.empty() || run.result != nullptr);
  if (step.rows == RowUse::kFetch) {
    // As an application would: SQLite decodes what is asked for.
    return ForEachRow(step, run, rows, [&step] {
      step.statement->FetchRow();
      return StepEnd::kDone;
    });
  }
  BeginAnswer(step, run);
  const StepEnd end = TakeForAnswer(step, run, rows);
  *run.rows += step.tail;
  if (run.result != nullptr) {
    run.result->rows = *rows;
  }
  return end;
}

void WriteNoRows(const PlanStep& step, const PlanRun& run) {
  if (step.rows == RowUse::kFetch) {
    return;
  }
  BeginAnswer(step, run);
  if (step.rows == RowUse::kRespond) {
    WithWriter(step, run, [](auto writer) { writer.Close(); });
  }
  *run.rows += step.tail;
}

}  // namespace sqlicorn
