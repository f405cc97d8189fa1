// SPDX-License-Identifier: MIT
#include "worker/sqlite/transaction.h"

#include <utility>
#include <vector>

#include "common/base/log.h"
#include "common/base/result.h"

namespace sqlicorn {
namespace {

// Reset in any case: the statement is prepared once and is to be ready for its next run, also if
// that is the next attempt of a COMMIT that was busy.
SqlStatus Run(Statement& statement) {
  const StepResult result = statement.Step();
  statement.Reset();
  return result == StepResult::kFailed ? statement.status() : SqlStatus();
}

}  // namespace

TransactionStatements::TransactionStatements(Connection& connection, Prepared prepared)
    : connection_(&connection), prepared_(std::move(prepared)) {}

Result<TransactionStatements> TransactionStatements::Prepare(Connection& connection) {
  std::vector<Statement> made;
  for (const char* sql :
       {"BEGIN DEFERRED", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "COMMIT", "ROLLBACK",
        "SAVEPOINT request", "RELEASE request", "ROLLBACK TO request"}) {
    auto statement = connection.Prepare(sql);
    if (!statement) {
      return statement.error().In("cannot prepare the transaction statements");
    }
    made.push_back(std::move(*statement));
  }
  return TransactionStatements(
      connection, {std::move(made[0]), std::move(made[1]), std::move(made[2]), std::move(made[3]),
                   std::move(made[4]), std::move(made[5]), std::move(made[6]), std::move(made[7])});
}

Statement& TransactionStatements::BeginOf(TransactionMode mode) {
  CHECK(mode != TransactionMode::kNone);
  switch (mode) {
    case TransactionMode::kImmediate:
      return prepared_.begin_immediate;
    case TransactionMode::kExclusive:
      return prepared_.begin_exclusive;
    default:
      return prepared_.begin_deferred;
  }
}

// A BEGIN IMMEDIATE that is busy has begun nothing: there is nothing to undo, and it may be run
// again as it is. That is why who waits for a turn waits here, and not in the middle of a
// transaction.
SqlStatus Transaction::Begin(TransactionMode mode) {
  CHECK(!begun_);
  if (mode == TransactionMode::kNone) {
    return {};
  }
  SqlStatus status = Run(statements_.BeginOf(mode));
  begun_ = status.ok();
  return status;
}

// After a failure it counts as begun, so that the destructor rolls it back, if it is still there.
SqlStatus Transaction::Commit() {
  if (!begun_) {
    return {};
  }
  SqlStatus status = Run(statements_.prepared_.commit);
  begun_ = !status.ok();
  return status;
}

void Transaction::Rollback() {
  if (active()) {
    if (const SqlStatus status = Run(statements_.prepared_.rollback); !status.ok()) {
      LogError("cannot roll back: {} ({})", status.message(), status.name());
    }
  }
  begun_ = false;
}

// SQLite is asked each time: a statement may have ended the transaction by itself (a full disk, an
// I/O error, ON CONFLICT ROLLBACK), and a ROLLBACK after that is an error that would hide the
// first.
bool Transaction::active() const {
  return begun_ && statements_.connection_->in_transaction();
}

SqlStatus Savepoint::Open() {
  CHECK(!open_);
  SqlStatus status = Run(statements_.prepared_.savepoint);
  open_ = status.ok();
  return status;
}

SqlStatus Savepoint::Release() {
  SqlStatus status = Run(statements_.prepared_.release);
  open_ = !status.ok();
  return status;
}

// ROLLBACK TO undoes what was done since, and leaves the savepoint itself in place: without RELEASE
// the next one of the same name would lie within it.
void Savepoint::Undo() {
  if (open_ && statements_.connection_->in_transaction()) {
    for (Statement* statement :
         {&statements_.prepared_.rollback_to, &statements_.prepared_.release}) {
      if (const SqlStatus status = Run(*statement); !status.ok()) {
        LogError("cannot undo a savepoint: {} ({})", status.message(), status.name());
      }
    }
  }
  open_ = false;
}

}  // namespace sqlicorn
