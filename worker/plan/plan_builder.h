// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/plan/answer_plan.h"
#include "worker/plan/plan_step.h"
#include "worker/plan/sql_plan.h"
#include "worker/plan/value_names.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {

// Makes the plan of one endpoint out of statements that have been prepared. Runs nothing.
class PlanBuilder {
 public:
  // All outlive it.
  PlanBuilder(Connection& connection, const ServerConfig& config, const EndpointSpec& endpoint);
  PlanBuilder(const PlanBuilder&) = delete;
  PlanBuilder& operator=(const PlanBuilder&) = delete;

  struct Prepared {
    Statement* statement = nullptr;  // null for time to think
    bool asks_connection = false;    // Connection::AsksMe
  };

  // Errors name the endpoint's place and the statement.
  [[nodiscard]] Status Add(const StepSpec& spec, const Prepared& prepared);

  // After all steps. Errors name the endpoint's place: nothing to answer with, names that mean
  // nothing.
  [[nodiscard]] Result<SqlPlan::Parts> Finish();

 private:
  // What a statement uses of an element of an array.
  struct ItemPart {
    std::string key;   // "" = all of it
    std::size_t kept;  // index into PlanResult::kept
  };

  [[nodiscard]] Status AddConditions(const StatementStep& spec, PlanStep& step);
  [[nodiscard]] Status MatchParams(PlanStep& step, std::vector<ItemPart>* parts);
  [[nodiscard]] Status AddItems(const StatementStep& spec, const std::vector<ItemPart>& parts,
                                PlanStep& step);
  [[nodiscard]] Status ChooseRows(PlanStep* answering);
  [[nodiscard]] Status ChooseResults();
  [[nodiscard]] Status Answer(PlanStep& step, RowUse use);
  [[nodiscard]] Error AtEndpoint(const std::string& what) const;

  Connection& connection_;
  const ServerConfig& config_;
  const EndpointSpec& endpoint_;
  const std::vector<std::string> fields_;
  std::vector<PlanStep> steps_;
  ValueNames names_{fields_, steps_};
};

// Where writes queue, a transaction that only reads must not take the write lock, whatever mode it
// has: it would wait for a turn that it does not need.
[[nodiscard]] TransactionMode ModeOf(const EndpointSpec& endpoint,
                                     const std::vector<PlanStep>& steps,
                                     const DatabaseSettings& database);

}  // namespace sqlicorn
