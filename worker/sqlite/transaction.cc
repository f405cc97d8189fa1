// SPDX-License-Identifier: MIT
#include "worker/sqlite/transaction.h"

#include <utility>

#include "common/base/check.h"
#include "common/base/log.h"

namespace sqlicorn {
namespace {

SqlStatus Run(Statement& statement) {
  const StepResult result = statement.Step();
  statement.Reset();
  return result == StepResult::kFailed ? statement.status() : SqlStatus();
}

}  // namespace

TransactionStatements::TransactionStatements(Connection& connection, Prepared prepared)
    : connection_(&connection), prepared_(std::move(prepared)) {}

Result<TransactionStatements> TransactionStatements::Prepare(Connection& connection) {
  auto deferred = connection.Prepare("BEGIN DEFERRED");
  auto immediate = connection.Prepare("BEGIN IMMEDIATE");
  auto exclusive = connection.Prepare("BEGIN EXCLUSIVE");
  auto commit = connection.Prepare("COMMIT");
  auto rollback = connection.Prepare("ROLLBACK");
  for (const auto* prepared : {&deferred, &immediate, &exclusive, &commit, &rollback}) {
    if (!prepared->ok()) {
      return prepared->error().In("cannot prepare the transaction statements");
    }
  }
  return TransactionStatements(connection,
                               {std::move(*deferred), std::move(*immediate), std::move(*exclusive),
                                std::move(*commit), std::move(*rollback)});
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

SqlStatus Transaction::Begin(TransactionMode mode) {
  CHECK(!begun_);
  if (mode == TransactionMode::kNone) {
    return {};
  }
  SqlStatus status = Run(statements_.BeginOf(mode));
  begun_ = status.ok();
  return status;
}

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

bool Transaction::active() const {
  return begun_ && statements_.connection_->in_transaction();
}

}  // namespace sqlicorn
