// SPDX-License-Identifier: MIT
#include "worker/plan/plan_set.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/config/choices.h"
#include "common/config/value.h"
#include "worker/plan/plan_builder.h"
#include "worker/sqlite/dotted_parameters.h"
#include "worker/sqlite/sql_text.h"

namespace sqlicorn {
namespace {

// `lasting`: it is wrong until it is changed, and not by chance.
Error At(const Place& place, std::string_view what, bool lasting = true) {
  return Error{fmt::format("{}: {}", place.ToString(), what), lasting};
}

// What is wrong with a statement, whichever endpoint it is a step of.
std::string WithoutEndpoint(const std::string& message) {
  const std::size_t statement = message.find(": statement '");
  return statement == std::string::npos ? message : message.substr(statement);
}

}  // namespace

Result<std::unique_ptr<PlanSet>> PlanSet::Compile(Connection& connection,
                                                  const ServerConfig& config, Unprepared rule) {
  auto transactions = TransactionStatements::Prepare(connection);
  if (!transactions) {
    return transactions.error();
  }
  std::unique_ptr<PlanSet> set(new PlanSet(connection, config, std::move(*transactions)));
  const Status done = set->Compile(rule);
  return done ? Result<std::unique_ptr<PlanSet>>(std::move(set)) : done.error();
}

PlanSet::PlanSet(Connection& connection, const ServerConfig& config,
                 TransactionStatements transactions)
    : connection_(connection),
      config_(config),
      transactions_(std::move(transactions)),
      statements_(config.statements.size()),
      asks_connection_(config.statements.size()),
      plans_(config.endpoints.size()) {}

Status PlanSet::Compile(Unprepared rule) {
  switch (rule) {
    case Unprepared::kRefuse:
      return CompileAll();
    case Unprepared::kServeTheRest:
      return CompileWhatFits();
    case Unprepared::kWhenAsked:
      for (auto& plan : plans_) {
        plan.emplace(transactions_, "nobody has asked for it");
      }
      break;
  }
  return {};
}

// Tried at each request for it: only a change of the schema can have mended it, and nobody tells of
// that. A SELECT that does not prepare is told so in microseconds.
void PlanSet::Mend(std::size_t endpoint) {
  if (!plan(endpoint).unprepared()) {
    return;
  }
  if (const Status compiled = CompileEndpoint(endpoint); !compiled) {
    plans_[endpoint].emplace(transactions_, compiled.error().message);
  }
}

// All that is wrong is told at once, unless chance is at fault: that may not be there next time.
Status PlanSet::CompileAll() {
  Faults faults;
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    if (const Status prepared = Prepare(i); !prepared) {
      if (!prepared.error().lasting) {
        return prepared;
      }
      faults.Add(config_.statements[i].place, prepared.error());
    }
  }
  // By what is wrong and not by which endpoint: one parameter that is misspelt in the params of ten
  // endpoints is one mistake.
  std::set<std::string> told;  // of statements that several endpoints run
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const Status compiled = HasItsStatements(i) ? CompileEndpoint(i) : Status();
    if (!compiled && told.insert(WithoutEndpoint(compiled.error().message)).second) {
      faults.Add(config_.endpoints[i].place, compiled.error());
    }
  }
  const Status all = faults.ToStatus();
  return all ? all : Status(Error{all.error().message, true});
}

// A worker that takes the place of one that served must not fail to start because somebody has
// dropped a table: the other endpoints still work. If it is the medium that fails, none would.
Status PlanSet::CompileWhatFits() {
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const Status compiled = CompileEndpoint(i);
    if (!compiled && connection_.last_status().storage()) {
      return compiled;
    }
    if (!compiled) {
      plans_[i].emplace(transactions_, compiled.error().message);
    }
  }
  return {};
}

// A statement that is wrong has been told with its own place. To compile its endpoints would tell
// it once more for each.
bool PlanSet::HasItsStatements(std::size_t endpoint) const {
  const auto& steps = config_.endpoints[endpoint].steps;
  return std::all_of(steps.begin(), steps.end(), [this](const StepSpec& step) {
    const auto* use = std::get_if<StatementStep>(&step);
    return use == nullptr || statements_[use->statement].has_value();
  });
}

// Once for all endpoints that use it: a connection runs one plan at a time.
Status PlanSet::Prepare(std::size_t index) {
  if (statements_[index]) {
    return {};
  }
  const StatementSpec& spec = config_.statements[index];
  auto statement = connection_.Prepare(HideDots(spec.sql));
  if (!statement) {
    const SqlStatus why = connection_.last_status();  // ok when the refusal is ours
    const bool lasting = why.ok() || why.stays();
    const std::string message = ShowDots(statement.error().message);
    return At(spec.place,
              fmt::format("statement '{}': {}{}", spec.name, message,
                          SqlHint(connection_, message, spec.sql)),
              lasting);
  }
  if (statement->ends_or_begins_transaction()) {
    return At(spec.place,
              fmt::format("statement '{}' would begin, end or bypass a transaction; use the "
                          "endpoint's transaction, or [database.pragmas]",
                          spec.name));
  }
  if (config_.database.access != DatabaseAccess::kReadWrite && !statement->read_only()) {
    return At(spec.place,
              fmt::format("statement '{}' writes, and with database.access = \"{}\" nothing may; "
                          "remove it with its endpoints, or serve the database read-write",
                          spec.name, NameOf(kDatabaseAccesses, config_.database.access)));
  }
  // Last, because it makes SQLite prepare all statements anew at their next step.
  if (const std::string view = connection_.SilentViewOf(*statement); !view.empty()) {
    return At(spec.place,
              fmt::format("statement '{}' would write {}", spec.name, SilentView(view).message));
  }
  asks_connection_[index] = statement->read_only() && connection_.AsksMe(*statement);
  statements_[index].emplace(std::move(*statement));
  return {};
}

Status PlanSet::CompileEndpoint(std::size_t index) {
  const EndpointSpec& endpoint = config_.endpoints[index];
  PlanBuilder builder(connection_, config_, endpoint);
  for (const StepSpec& spec : endpoint.steps) {
    PlanBuilder::Prepared use_of;
    if (const auto* use = std::get_if<StatementStep>(&spec)) {
      if (Status prepared = Prepare(use->statement); !prepared) {
        return prepared;
      }
      use_of = {&*statements_[use->statement], asks_connection_[use->statement]};
    }
    if (Status added = builder.Add(spec, use_of); !added) {
      return added;
    }
  }
  auto parts = builder.Finish();
  if (!parts) {
    return parts.error();
  }
  const TransactionMode mode = ModeOf(endpoint, parts->steps, config_.database);
  plans_[index].emplace(transactions_, mode, std::move(*parts));
  return {};
}

}  // namespace sqlicorn
