// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/statement.h"

namespace sqlicorn {

// BEGIN, COMMIT, SAVEPOINT and their kin, prepared once per connection and owned beside it: a
// transaction allocates nothing.
class TransactionStatements {
 public:
  [[nodiscard]] static Result<TransactionStatements> Prepare(Connection& connection);

  [[nodiscard]] Connection& connection() const { return *connection_; }

  // Whether the database may be used at all: DatabasePlace.
  [[nodiscard]] SqlStatus LookInPlace() const { return connection_->place().Look(); }

  [[nodiscard]] SqlStatus LastPlace() const { return connection_->place().last(); }

 private:
  friend class Transaction;
  friend class Savepoint;

  struct Prepared {
    Statement begin_deferred;
    Statement begin_immediate;
    Statement begin_exclusive;
    Statement commit;
    Statement rollback;
    Statement savepoint;
    Statement release;
    Statement rollback_to;
  };

  TransactionStatements(Connection& connection, Prepared prepared);

  Statement& BeginOf(TransactionMode mode);

  Connection* connection_;
  Prepared prepared_;
};

// One transaction on the stack of whoever runs it; what is not committed is rolled back when it
// goes out of scope. Every Statement that was run in it has been Reset before Commit.
class Transaction {
 public:
  explicit Transaction(TransactionStatements& statements) : statements_(statements) {}

  ~Transaction() { Rollback(); }

  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // With kNone each statement commits itself; Commit and Rollback do nothing then.
  [[nodiscard]] SqlStatus Begin(TransactionMode mode);

  // Busy leaves the transaction open, and Commit may be called again: outside WAL a COMMIT waits
  // for readers. Other failures may have rolled it back already; active() tells.
  [[nodiscard]] SqlStatus Commit();

  void Rollback();

  [[nodiscard]] bool active() const;

 private:
  TransactionStatements& statements_;
  bool begun_ = false;
};

// One request's share of a transaction, which can fail without the others. What is not released is
// undone when it goes out of scope, if the transaction still exists then.
class Savepoint {
 public:
  explicit Savepoint(TransactionStatements& statements) : statements_(statements) {}

  ~Savepoint() { Undo(); }

  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;

  // REQUIRES: a transaction is open, and no Savepoint in it.
  [[nodiscard]] SqlStatus Open();
  [[nodiscard]] SqlStatus Release();
  void Undo();

 private:
  TransactionStatements& statements_;
  bool open_ = false;
};

}  // namespace sqlicorn
