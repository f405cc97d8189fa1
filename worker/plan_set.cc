// SPDX-License-Identifier: MIT
#include "worker/plan_set.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/base/suggest.h"
#include "worker/sql_hint.h"

namespace sqlicorn {
namespace {

Error At(const Place& place, std::string_view what) {
  return Error{fmt::format("{}: {}", place.ToString(), what)};
}

std::vector<std::string> ParamNames(const ServerConfig& config, const EndpointSpec& endpoint) {
  std::vector<std::string> names;
  if (endpoint.param_set >= 0) {
    const auto set = static_cast<std::size_t>(endpoint.param_set);
    for (const ParamSpec& param : config.param_sets[set].params) {
      names.push_back(param.name);
    }
  }
  return names;
}

// For each parameter of the statement, the index of the request field that fills it.
Result<std::vector<std::size_t>> MatchParams(const Statement& statement,
                                             const std::vector<std::string>& names) {
  std::vector<std::size_t> matched;
  for (int i = 1; i <= statement.parameter_count(); ++i) {
    const std::string name(statement.parameter_name(i));
    if (name.empty()) {
      return Error{"uses a positional parameter; write :name for a field of the params"};
    }
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      return Error{fmt::format("uses :{}, which is no field of the endpoint's params{}", name,
                               DidYouMean(name, names))};
    }
    matched.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return matched;
}

// The step whose rows are the answer: the last one that returns any.
PlanStep* RespondingStep(std::vector<PlanStep>& steps) {
  const auto returns_rows = [](const PlanStep& step) {
    return step.statement != nullptr && step.statement->column_count() > 0;
  };
  const auto last = std::find_if(steps.rbegin(), steps.rend(), returns_rows);
  return last == steps.rend() ? nullptr : &*last;
}

// The first column name that stands twice, which would be one JSON key twice; "" when there is
// none.
std::string RepeatedColumn(const Statement& statement) {
  std::set<std::string_view> names;
  for (int i = 0; i < statement.column_count(); ++i) {
    if (!names.insert(statement.column_name(i)).second) {
      return std::string(statement.column_name(i));
    }
  }
  return "";
}

// Where writes queue, a transaction that only reads must not take the write lock, whatever mode it
// has: it would wait for a turn that it does not need.
TransactionMode ModeOf(const EndpointSpec& endpoint, const std::vector<PlanStep>& steps,
                       SchedulerKind scheduler) {
  const bool queues = scheduler == SchedulerKind::kFifo || scheduler == SchedulerKind::kGroup;
  const bool reads = std::all_of(steps.begin(), steps.end(), [](const PlanStep& step) {
    return step.statement == nullptr || step.statement->read_only();
  });
  const bool in_transaction = endpoint.transaction != TransactionMode::kNone;
  return queues && reads && in_transaction ? TransactionMode::kDeferred : endpoint.transaction;
}

}  // namespace

Result<std::unique_ptr<PlanSet>> PlanSet::Compile(Connection& connection,
                                                  const ServerConfig& config) {
  auto transactions = TransactionStatements::Prepare(connection);
  if (!transactions) {
    return transactions.error();
  }
  std::unique_ptr<PlanSet> set(new PlanSet(std::move(*transactions)));
  if (Status prepared = set->PrepareAll(connection, config); !prepared) {
    return prepared.error();
  }
  for (const EndpointSpec& endpoint : config.endpoints) {
    if (Status compiled = set->CompileEndpoint(config, endpoint); !compiled) {
      return compiled.error();
    }
  }
  return set;
}

Status PlanSet::PrepareAll(Connection& connection, const ServerConfig& config) {
  // Plans point to statements, so the vector must not move them later.
  statements_.reserve(config.statements.size());
  for (const StatementSpec& spec : config.statements) {
    auto statement = connection.Prepare(spec.sql);
    if (!statement) {
      const std::string& message = statement.error().message;
      return At(spec.place, fmt::format("statement '{}': {}{}", spec.name, message,
                                        SqlHint(connection, message, spec.sql)));
    }
    if (statement->ends_or_begins_transaction()) {
      return At(spec.place,
                fmt::format("statement '{}' would begin, end or bypass a transaction; use the "
                            "endpoint's transaction, or [database.pragmas]",
                            spec.name));
    }
    if (const std::string view = connection.SilentViewOf(*statement); !view.empty()) {
      return At(spec.place,
                fmt::format("statement '{}' would write nothing: '{}' is a view without an INSTEAD "
                            "OF trigger for it, which RETURNING hides from SQLite",
                            spec.name, view));
    }
    statements_.push_back(std::move(*statement));
  }
  return {};
}

Status PlanSet::CompileEndpoint(const ServerConfig& config, const EndpointSpec& endpoint) {
  const std::vector<std::string> names = ParamNames(config, endpoint);
  std::vector<PlanStep> steps;
  for (const StepSpec& spec : endpoint.steps) {
    PlanStep& step = steps.emplace_back();
    if (const auto* think = std::get_if<ThinkStep>(&spec)) {
      step.think = think->duration;
      continue;
    }
    const std::size_t index = std::get<StatementStep>(spec).statement;
    step.statement = &statements_[index];
    auto params = MatchParams(*step.statement, names);
    if (!params) {
      return At(endpoint.place, fmt::format("endpoint '{}': statement '{}' {}", endpoint.path,
                                            config.statements[index].name, params.error().message));
    }
    step.params = std::move(*params);
  }
  if (endpoint.respond == Respond::kRows) {
    PlanStep* responding = RespondingStep(steps);
    if (responding == nullptr) {
      return At(endpoint.place, fmt::format("endpoint '{}' responds with rows, but none of its "
                                            "steps returns any",
                                            endpoint.path));
    }
    if (const std::string twice = RepeatedColumn(*responding->statement); !twice.empty()) {
      return At(endpoint.place,
                fmt::format("endpoint '{}' would answer two columns named '{}'; tell "
                            "them apart with AS",
                            endpoint.path, twice));
    }
    responding->rows = RowUse::kRespond;
  }
  plans_.emplace_back(transactions_, ModeOf(endpoint, steps, config.database.scheduler),
                      std::move(steps));
  return {};
}

}  // namespace sqlicorn
