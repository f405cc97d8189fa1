// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/plan/sql_plan.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/statement.h"
#include "worker/sqlite/transaction.h"

namespace sqlicorn {

// What becomes of SQL that does not prepare.
enum class Unprepared {
  kRefuse,        // it is the configuration's error
  kWhenAsked,     // nothing is prepared before Mend; its endpoints fail
  kServeTheRest,  // the schema has changed since all of it did: its endpoints fail, others serve
};

// Everything a configuration says in SQL, prepared on one connection for as long as that lives: one
// statement per [statements] entry, one plan per [[endpoint]].
class PlanSet {
 public:
  // Errors name the place in the configuration: SQL that does not prepare, statements that begin or
  // end transactions, a :parameter that the endpoint's params do not have, rows to answer with
  // where no step returns any.
  // Both outlive the set.
  [[nodiscard]] static Result<std::unique_ptr<PlanSet>> Compile(
      Connection& connection, const ServerConfig& config, Unprepared rule = Unprepared::kRefuse);

  [[nodiscard]] TransactionStatements& transactions() { return transactions_; }

  // Of ServerConfig::endpoints[endpoint].
  [[nodiscard]] SqlPlan& plan(std::size_t endpoint) { return *plans_.at(endpoint); }

  // Compiles the endpoint's plan if that has failed so far, as the schema may fit again, or has not
  // been tried.
  void Mend(std::size_t endpoint);

 private:
  PlanSet(Connection& connection, const ServerConfig& config, TransactionStatements transactions);

  Status Compile(Unprepared rule);
  Status CompileAll();
  Status CompileWhatFits();
  [[nodiscard]] bool HasItsStatements(std::size_t endpoint) const;
  Status Prepare(std::size_t index);
  Status CompileEndpoint(std::size_t index);

  Connection& connection_;
  const ServerConfig& config_;
  TransactionStatements transactions_;
  // Neither grows: plans point to statements, requests refer to plans.
  std::vector<std::optional<Statement>> statements_;
  std::vector<bool> asks_connection_;  // Connection::AsksMe, of each that reads
  std::vector<std::optional<SqlPlan>> plans_;
};

}  // namespace sqlicorn
