// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/config/step_spec.h"
#include "worker/plan/json_rows.h"
#include "worker/sqlite/statement.h"

namespace sqlicorn {

enum class RowUse {
  kFetch,    // every column of every row is read and dropped
  kRespond,  // the rows are the answer, or a part of it
  kObject,   // the first of them is
  kValue,    // the first column of the first of them is, as it is
};

// Where a value comes from.
struct ValueSource {
  enum class From {
    kField,  // of the request: index into its params
    kKept,   // of an earlier step: index into PlanResult::kept
  };

  From from = From::kField;
  std::size_t index = 0;
};

enum class KeptRow { kFirst, kLast };

// A column whose value is kept when the step has run.
struct KeptColumn {
  std::string column;
  KeptRow row;
  std::size_t index;  // in PlanResult::kept
};

// What a step must have found for the plan to go on.
struct Expectation {
  Expect what = Expect::kAnything;
  int status = 404;  // of the answer where it is not so
  std::string detail;
};

// When a step runs at all.
struct Condition {
  ValueSource value;
  bool wanted = true;  // it runs when the value is true; or when it is not
};

// The elements of a JSON array, for each of which a step runs once.
struct StepItems {
  Statement statement;  // gives, for the array as parameter 1: its JSON type, then what is kept
  ValueSource array;
  std::string name;               // of the array
  std::vector<std::size_t> kept;  // of its column i + 1: index into PlanResult::kept
};

// One step of a plan: a statement of the connection with the way its parameters are filled, or time
// to think when `statement` is null.
struct PlanStep {
  Statement* statement = nullptr;
  std::string name;
  std::vector<ValueSource> params;  // of parameter i + 1
  std::optional<Condition> when;
  std::optional<StepItems> items;
  RowUse rows = RowUse::kFetch;
  std::optional<JsonStyle> style;  // of the rows
  bool begins_answer = true;       // what has gathered before its rows is of an attempt before
  std::string lead;                // in front of its rows in the answer
  std::string tail;                // behind them
  std::vector<KeptColumn> keeps;
  std::optional<std::size_t> keeps_changes;  // index into PlanResult::kept
  std::optional<std::size_t> keeps_rowid;
  Expectation expect;
  int missing = 0;                    // the status where there is no row, also when it did not run
  std::optional<std::size_t> needed;  // the kept value without which there is no row
  Duration think{};
  bool asks_connection = false;  // Connection::AsksMe
  int judged = 0;                // times the statement was prepared anew when `unfit` was found
  std::int64_t schema = -1;      // schema_version when it was last asked which view it writes
  std::string unfit;             // why it fits the schema no more; "" = it does
};

}  // namespace sqlicorn
