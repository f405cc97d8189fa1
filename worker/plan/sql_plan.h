// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/plan/answer_plan.h"
#include "worker/plan/kept_values.h"
#include "worker/plan/outcome.h"
#include "worker/plan/plan_step.h"
#include "worker/plan/row_format.h"
#include "worker/sqlite/statement.h"
#include "worker/sqlite/transaction.h"

namespace sqlicorn {

struct BlobView {
  std::string_view octets;

  bool operator==(const BlobView&) const = default;
};

// A request field as SQLite gets it; NULL first. Text and blobs point into the request.
using BoundParam = std::variant<std::monostate, std::int64_t, double, std::string_view, BlobView>;

// What keeps rows from being JSON objects.
[[nodiscard]] Error TwoColumns(std::string_view name);

// What a statement would write into a view that cannot be written.
[[nodiscard]] Error SilentView(std::string_view name);

// Takes the rows of an answer away while it is made.
class RowStream {
 public:
  virtual ~RowStream() = default;

  // So many octets gather before it is asked.
  static constexpr std::size_t kBytes = 64U << 10U;

  // And so much room is made for them at once, when there are many: a string that doubles would
  // end with room for twice as many.
  static constexpr std::size_t kRoom = kBytes + (4U << 10U);

  // Rows have gathered in PlanRun::rows: takes them from there, now or after a while in which the
  // plan is suspended. False when nobody wants any more: the plan ends as interrupted.
  [[nodiscard]] virtual bool Send() = 0;
};

// How many octets of rows a request is answered at most, and which setting says so.
struct AnswerLimit {
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  std::size_t bytes = kNone;
  std::string_view setting = "database.max_answer";
};

// One execution of a plan: what goes in, what comes out, and how far it got. One that was busy may
// be run again with the same PlanRun.
struct PlanRun {
  std::span<const BoundParam> params;
  std::string* rows;     // replaced by the rows of the responding step
  std::size_t done = 0;  // steps that have committed by themselves, so that they run only once
  RowStream* stream = nullptr;  // null: all rows gather
  AnswerLimit most = {};
  PlanResult* result = nullptr;  // may be null where the plan keeps nothing
  RowFormat format = RowFormat::kJson;
  // How often the steps run, each time with its part of `params`, and rows into one JSON array. Not
  // once: then the rows are JSON, there is no stream and there is a transaction.
  std::size_t times = 1;
};

// One endpoint compiled for one connection: its steps in its transaction. Belongs to a PlanSet,
// which owns the statements.
class SqlPlan {
 public:
  struct Parts {
    std::vector<PlanStep> steps;
    AnswerPlan answer = {};
    std::size_t kept = 0;  // PlanResult::kept
  };

  SqlPlan(TransactionStatements& transactions, TransactionMode mode, Parts parts);

  // One that a change of the schema keeps from being compiled; `unprepared` says what. It fails
  // whoever asks for it.
  SqlPlan(TransactionStatements& transactions, std::string unprepared);

  [[nodiscard]] bool unprepared() const { return !unprepared_.empty(); }

  // Runs everything in the plan's own transaction and commits; what did not commit has been rolled
  // back when this returns. Blocks for as long as SQLite does.
  [[nodiscard]] Outcome Execute(PlanRun& run);

  // Runs the steps in the transaction, and the savepoint, that the caller has opened.
  [[nodiscard]] Outcome ExecuteInside(PlanRun& run);

  // Whether a statement of it writes. (A reading plan in an immediate transaction does not, though
  // it takes the write lock.)
  [[nodiscard]] bool writes() const { return writes_; }

  // It reads, takes no lock that keeps others out, and does not stop to think: it may read in the
  // transaction of others.
  [[nodiscard]] bool shares_snapshot() const { return shares_snapshot_; }

  // It may be left in the middle for others, on a connection of its own: it only reads, keeps
  // nobody from writing, does not hold its transaction on purpose, and would be told the same
  // there.
  [[nodiscard]] bool may_pause() const { return shares_snapshot_ && !asks_connection_; }

  [[nodiscard]] bool autocommits() const { return mode_ == TransactionMode::kNone; }

  [[nodiscard]] const AnswerPlan& answer() const { return answer_; }

  // Its rows may leave while they are made: nothing that comes after them decides what is answered.
  [[nodiscard]] bool streams() const { return streams_; }

 private:
  [[nodiscard]] Outcome RunTimes(PlanRun& run, std::size_t* done);
  [[nodiscard]] Outcome RunSteps(PlanRun& run, std::size_t* done);

  TransactionStatements& transactions_;
  TransactionMode mode_;
  std::vector<PlanStep> steps_;
  AnswerPlan answer_;
  std::size_t kept_ = 0;
  bool writes_;
  bool shares_snapshot_;
  bool asks_connection_;
  bool streams_ = false;
  std::string unprepared_;
};

}  // namespace sqlicorn
