// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/sql_plan.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/statement.h"
#include "worker/sqlite/transaction.h"

namespace sqlicorn {

// Everything a configuration says in SQL, prepared on one connection for as long as that lives: one
// statement per [statements] entry, one plan per [[endpoint]].
class PlanSet {
 public:
  // Errors name the place in the configuration: SQL that does not prepare, statements that begin or
  // end transactions, a :parameter that the endpoint's params do not have, rows to answer with
  // where no step returns any.
  [[nodiscard]] static Result<std::unique_ptr<PlanSet>> Compile(Connection& connection,
                                                                const ServerConfig& config);

  [[nodiscard]] TransactionStatements& transactions() { return transactions_; }

  // Of ServerConfig::endpoints[endpoint].
  [[nodiscard]] SqlPlan& plan(std::size_t endpoint) { return plans_.at(endpoint); }

 private:
  explicit PlanSet(TransactionStatements transactions) : transactions_(std::move(transactions)) {}

  Status PrepareAll(Connection& connection, const ServerConfig& config);
  Status CompileEndpoint(const ServerConfig& config, const EndpointSpec& endpoint);

  TransactionStatements transactions_;
  std::vector<Statement> statements_;
  std::vector<SqlPlan> plans_;
};

}  // namespace sqlicorn
