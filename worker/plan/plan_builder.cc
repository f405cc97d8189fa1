// SPDX-License-Identifier: MIT
#include "worker/plan/plan_builder.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/config/choices.h"
#include "worker/sqlite/dotted_parameters.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kItem = "item";

std::vector<std::string> ParamNames(const EndpointSpec& endpoint) {
  std::vector<std::string> names;
  for (const ParamSpec& field : endpoint.fields) {
    names.push_back(field.name);
  }
  return names;
}

// The step whose rows are the answer: the last one that returns any.
PlanStep* AnsweringStep(std::vector<PlanStep>& steps) {
  const auto returns_rows = [](const PlanStep& step) {
    return step.statement != nullptr && step.statement->column_count() > 0 && !step.items;
  };
  const auto last = std::find_if(steps.rbegin(), steps.rend(), returns_rows);
  return last == steps.rend() ? nullptr : &*last;
}

bool IsStyled(const AnswerSpec& answer) {
  return !answer.json_columns.empty() || answer.big_integers != BigIntegers::kNumber;
}

RowUse UseOf(Respond as) {
  switch (as) {
    case Respond::kRow:
      return RowUse::kObject;
    case Respond::kValue:
      return RowUse::kValue;
    case Respond::kRows:
      return RowUse::kRespond;
    default:
      return RowUse::kFetch;
  }
}

// There is no answer without a row.
bool NeedsRow(Respond as) {
  return as == Respond::kRow || as == Respond::kValue || as == Respond::kRedirect;
}

}  // namespace

PlanBuilder::PlanBuilder(Connection& connection, const ServerConfig& config,
                         const EndpointSpec& endpoint)
    : connection_(connection),
      config_(config),
      endpoint_(endpoint),
      fields_(ParamNames(endpoint)) {}

Error PlanBuilder::AtEndpoint(const std::string& what) const {
  return Error{fmt::format("{}: endpoint '{}'{}", endpoint_.place.ToString(), endpoint_.path, what),
               true};
}

// The step that answers is not known yet: Finish chooses it among all of them.
Status PlanBuilder::Add(const StepSpec& spec, const Prepared& prepared) {
  PlanStep& step = steps_.emplace_back();
  if (const auto* think = std::get_if<ThinkStep>(&spec)) {
    step.think = think->duration;
    return {};
  }
  const auto& use = std::get<StatementStep>(spec);
  const std::string& name = config_.statements[use.statement].name;
  step.statement = prepared.statement;
  step.asks_connection = prepared.asks_connection;
  step.name = use.name.empty() ? name : use.name;
  std::vector<ItemPart> parts;
  Status added = MatchParams(step, use.foreach.empty() ? nullptr : &parts);
  if (added) {
    added = AddConditions(use, step);
  }
  if (added && !use.foreach.empty()) {
    added = AddItems(use, parts, step);
  }
  return added ? Status()
               : AtEndpoint(fmt::format(": statement '{}' {}", name, added.error().message));
}

// For each parameter of the statement, where its value comes from. `parts`: null where there is no
// element, else which parts of one the statement uses.
Status PlanBuilder::MatchParams(PlanStep& step, std::vector<ItemPart>* parts) {
  for (int i = 1; i <= step.statement->parameter_count(); ++i) {
    const std::string name = ShowDots(step.statement->parameter_name(i));
    if (name.empty()) {
      return Error{"uses a positional parameter; write :name for a field of the params"};
    }
    const bool of_item = name == kItem || name.starts_with(std::string(kItem) + '.');
    if (of_item && parts != nullptr) {
      parts->push_back({name == kItem ? "" : name.substr(kItem.size() + 1), names_.Keep()});
      step.params.push_back({ValueSource::From::kKept, parts->back().kept});
      continue;
    }
    const auto value = names_.Find(name, steps_.size() - 1);
    if (!value) {
      const char* const hint = of_item ? "; a step with `foreach` has it" : "";
      return Error{fmt::format("uses :{}, {}{}", name, value.error().message, hint)};
    }
    step.params.push_back(*value);
  }
  return {};
}

Status PlanBuilder::AddConditions(const StatementStep& spec, PlanStep& step) {
  step.expect = {spec.expect, spec.otherwise, spec.detail};
  if (spec.when.empty()) {
    return {};
  }
  const bool wanted = spec.when.front() != '!';
  const std::string name = spec.when.substr(wanted ? 0 : 1);
  const auto value = names_.Find(name, steps_.size() - 1);
  if (!value) {
    return Error{fmt::format("has when = '{}', {}", spec.when, value.error().message)};
  }
  step.when = Condition{*value, wanted};
  return {};
}

// SQLite reads the array itself: its values have SQL's types then.
Status PlanBuilder::AddItems(const StatementStep& spec, const std::vector<ItemPart>& parts,
                             PlanStep& step) {
  const auto array = names_.Find(spec.foreach, steps_.size() - 1);
  if (!array) {
    return Error{fmt::format("has foreach = '{}', {}", spec.foreach, array.error().message)};
  }
  std::string sql = "SELECT json_type(?1)";
  for (const ItemPart& part : parts) {
    sql += part.key.empty() ? ", e.value"
                            : fmt::format(
                                  ", CASE e.type WHEN 'object' THEN json_extract(e.value, "
                                  "'$.\"{}\"') END",
                                  part.key);
  }
  auto statement = connection_.Prepare(sql + " FROM json_each(?1) AS e");
  if (!statement) {
    return Error{"has foreach: " + statement.error().message};
  }
  step.items.emplace(StepItems{std::move(*statement), *array, spec.foreach, {}});
  for (const ItemPart& part : parts) {
    step.items->kept.push_back(part.kept);
  }
  return {};
}

Status PlanBuilder::Answer(PlanStep& step, RowUse use) {
  const AnswerSpec& answer = endpoint_.answer;
  const std::string twice = step.statement->RepeatedColumn();
  if (!twice.empty() && (use == RowUse::kRespond || use == RowUse::kObject)) {
    return AtEndpoint(" would answer " + TwoColumns(twice).message);
  }
  // Judged as it is now: only what SQLite prepares anew later is looked at again.
  step.judged = step.statement->times_prepared_anew();
  step.rows = use;
  if (IsStyled(answer)) {
    step.style = JsonStyle{answer.json_columns, answer.big_integers};
  }
  return {};
}

Status PlanBuilder::ChooseRows(PlanStep* answering) {
  const AnswerSpec& answer = endpoint_.answer;
  const RowUse use = UseOf(answer.as);
  if (use == RowUse::kFetch && !NeedsRow(answer.as)) {
    return {};
  }
  if (answering == nullptr) {
    return AtEndpoint(fmt::format(" responds with {}, but none of its steps returns any{}",
                                  NameOf(kResponds, answer.as),
                                  answer.as == Respond::kRows ? "" : " rows"));
  }
  answering->missing = NeedsRow(answer.as) ? answer.missing : 0;
  return Answer(*answering, use);
}

// In the order in which the steps run: each writes its own.
Status PlanBuilder::ChooseResults() {
  std::vector<NamedResult> results = endpoint_.answer.results;
  std::string separator = "{";
  PlanStep* last = nullptr;
  for (PlanStep& step : steps_) {
    const auto found = std::find_if(results.begin(), results.end(), [&step](const auto& result) {
      return result.step == step.name;
    });
    if (found == results.end() || step.statement->column_count() == 0 || step.items) {
      continue;
    }
    const bool one = found->as == Respond::kRow;
    if (Status chosen = Answer(step, one ? RowUse::kObject : RowUse::kRespond); !chosen) {
      return chosen;
    }
    step.missing = one ? endpoint_.answer.missing : 0;
    step.begins_answer = last == nullptr;
    step.lead = separator;
    AppendJsonString(found->step, &step.lead);
    step.lead += ':';
    separator = ",";
    last = &step;
    results.erase(found);
  }
  if (!results.empty()) {
    return AtEndpoint(fmt::format(
        ": respond.results names '{}', which is no step that returns rows", results.front().step));
  }
  last->tail = "}";
  return {};
}

Result<SqlPlan::Parts> PlanBuilder::Finish() {
  const bool results = endpoint_.answer.as == Respond::kResults;
  PlanStep* const answering = results ? nullptr : AnsweringStep(steps_);
  if (Status chosen = results ? ChooseResults() : ChooseRows(answering); !chosen) {
    return chosen.error();
  }
  auto answer = CompileAnswer(endpoint_.answer, answering, names_);
  if (!answer) {
    return AtEndpoint(": " + answer.error().message);
  }
  if (answer->location) {
    answering->needed = answer->location->index;
  }
  return SqlPlan::Parts{std::move(steps_), std::move(*answer), names_.kept()};
}

TransactionMode ModeOf(const EndpointSpec& endpoint, const std::vector<PlanStep>& steps,
                       const DatabaseSettings& database) {
  const bool must_not_lock =
      Queues(database.scheduler) || database.access != DatabaseAccess::kReadWrite;
  const bool reads = std::all_of(steps.begin(), steps.end(), [](const PlanStep& step) {
    return step.statement == nullptr || step.statement->read_only();
  });
  const bool in_transaction = endpoint.transaction != TransactionMode::kNone;
  return must_not_lock && reads && in_transaction ? TransactionMode::kDeferred
                                                  : endpoint.transaction;
}

}  // namespace sqlicorn
