// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "common/config/server_config.h"
#include "worker/outcome.h"
#include "worker/sqlite/statement.h"
#include "worker/sqlite/transaction.h"

namespace sqlicorn {

// A request field as SQLite gets it; NULL first. Text points into the request.
using BoundParam = std::variant<std::monostate, std::int64_t, double, std::string_view>;

enum class RowUse {
  kFetch,    // every column of every row is read and dropped
  kRespond,  // the rows are the answer
};

// One step of a plan: a statement of the connection with the way its parameters are filled, or time
// to think when `statement` is null.
struct PlanStep {
  Statement* statement = nullptr;
  std::vector<std::size_t> params;  // of parameter i + 1: index into the request's params
  RowUse rows = RowUse::kFetch;
  Duration think{};
};

// One endpoint compiled for one connection: its steps in its transaction. Belongs to a PlanSet,
// which owns the statements.
class SqlPlan {
 public:
  SqlPlan(TransactionStatements& transactions, TransactionMode mode, std::vector<PlanStep> steps);

  // Runs everything and commits; what did not commit has been rolled back when this returns. Blocks
  // for as long as SQLite does. The rows of the responding step are appended to `rows` as JSON.
  [[nodiscard]] Outcome Execute(std::span<const BoundParam> params, std::string* rows);

  // Whether it takes the write lock: such a plan asks the scheduler for a turn first.
  [[nodiscard]] bool writes() const { return writes_; }

 private:
  [[nodiscard]] SqlStatus RunSteps(std::span<const BoundParam> params, std::string* rows);

  TransactionStatements& transactions_;
  TransactionMode mode_;
  std::vector<PlanStep> steps_;
  bool changes_;  // has a step that writes; a lock alone changes nothing
  bool writes_;
};

}  // namespace sqlicorn
