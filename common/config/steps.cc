// SPDX-License-Identifier: MIT
#include "common/config/steps.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/config/choices.h"
#include "common/config/toml.h"

namespace sqlicorn {
namespace {

const Choices<Expect> kExpects = {
    {"row", Expect::kRow},
    {"changes", Expect::kChanges},
    {"none", Expect::kNone},
};

// Of an answer where the step expects something else than it found.
int StatusOf(Expect expect) {
  return expect == Expect::kNone ? 409 : 404;
}

class StepsReader {
 public:
  StepsReader(TableReader& endpoint, const std::vector<StatementSpec>& statements)
      : endpoint_(endpoint), statements_(statements) {}

  std::vector<StepSpec> Read() {
    endpoint_.NoteMissing("steps");
    const Value* value = endpoint_.Find("steps");
    if (value == nullptr) {
      return {};
    }
    const auto* list = std::get_if<Array>(&value->data);
    if (list == nullptr || list->empty()) {
      endpoint_.FailWanted("steps", "a list of statement names, with one at least");
      return {};
    }
    for (const Value& step : *list) {
      ReadOne(step);
    }
    return std::move(steps_);
  }

 private:
  void ReadOne(const Value& step) {
    if (const auto* name = std::get_if<std::string>(&step.data)) {
      Add(step.place, *name, {});
    } else if (std::holds_alternative<Table>(step.data)) {
      ReadTable(step);
    } else {
      endpoint_.Fail(step.place, fmt::format("endpoint.steps must hold statement names and "
                                             "{{ think = \"1ms\" }}, not {}",
                                             Describe(step)));
    }
  }

  // { statement = "x", … } or { think = "1ms" }
  void ReadTable(const Value& value) {
    constexpr Range<Duration> kThink = {std::chrono::microseconds(1), std::chrono::seconds(10)};
    TableReader reader(value, "endpoint.steps");
    std::string statement;
    Duration think{};
    StatementStep step{};
    const bool has_statement = reader.Read("statement", &statement);
    const bool has_think = reader.ReadInRange("think", kThink, &think);
    ReadConditions(reader, &step);
    if (!reader.FinishInto(endpoint_.faults())) {
      return;
    }
    if (has_statement == has_think) {
      endpoint_.Fail(value.place, "a step is either a statement or a think");
    } else if (has_statement) {
      Add(value.place, statement, std::move(step));
    } else if (reader.members().size() > 1) {
      endpoint_.Fail(value.place, "a think has nothing else beside it");
    } else {
      steps_.emplace_back(ThinkStep{think});
    }
  }

  static void ReadConditions(TableReader& reader, StatementStep* step) {
    std::int64_t status = 0;
    reader.Read("name", &step->name);
    reader.Read("when", &step->when);
    reader.Read("foreach", &step->foreach);
    const bool expects = reader.ReadChoice("expect", kExpects, &step->expect);
    const bool otherwise = reader.ReadInRange("otherwise", {400, 499}, &status);
    const bool detail = reader.Read("detail", &step->detail);
    if ((otherwise || detail) && !expects) {
      reader.FailWanted(otherwise ? "otherwise" : "detail", "absent without `expect`");
    }
    step->otherwise = otherwise ? static_cast<int>(status) : StatusOf(step->expect);
    CheckName(reader, step->name);
  }

  // It stands in SQL before a dot.
  static void CheckName(TableReader& reader, const std::string& name) {
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      return letter || (c >= '0' && c <= '9');
    });
    if (!plain || name == "item" || (!name.empty() && name[0] >= '0' && name[0] <= '9')) {
      reader.FailWanted("name", "a word of letters, digits and '_', and not \"item\"");
    }
  }

  void Add(const Place& place, const std::string& name, StatementStep step) {
    const auto found = std::find_if(statements_.begin(), statements_.end(),
                                    [&name](const auto& spec) { return spec.name == name; });
    if (found == statements_.end()) {
      std::vector<std::string> names(statements_.size());
      std::transform(statements_.begin(), statements_.end(), names.begin(),
                     [](const StatementSpec& spec) { return spec.name; });
      endpoint_.Fail(place, fmt::format("endpoint.steps: unknown statement '{}'{}", name,
                                        DidYouMean(name, names)));
      return;
    }
    if (!step.name.empty() && HasName(step.name)) {
      endpoint_.Fail(place, fmt::format("two steps are named '{}'", step.name));
      return;
    }
    step.statement = static_cast<std::size_t>(found - statements_.begin());
    steps_.emplace_back(std::move(step));
  }

  [[nodiscard]] bool HasName(const std::string& name) const {
    return std::any_of(steps_.begin(), steps_.end(), [&name](const StepSpec& step) {
      const auto* use = std::get_if<StatementStep>(&step);
      return use != nullptr && use->name == name;
    });
  }

  TableReader& endpoint_;
  const std::vector<StatementSpec>& statements_;
  std::vector<StepSpec> steps_;
};

std::vector<std::string> PrintConditions(const StatementStep& step) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::string_view key, const std::string& value) {
    if (!value.empty()) {
      parts.push_back(fmt::format("{} = {}", key, TomlString(value)));
    }
  };
  add("name", step.name);
  add("when", step.when);
  add("foreach", step.foreach);
  if (step.expect != Expect::kAnything) {
    parts.push_back(fmt::format("expect = \"{}\"", NameOf(kExpects, step.expect)));
    if (step.otherwise != StatusOf(step.expect)) {
      parts.push_back(fmt::format("otherwise = {}", step.otherwise));
    }
    add("detail", step.detail);
  }
  return parts;
}

}  // namespace

std::vector<StepSpec> ReadSteps(TableReader& endpoint,
                                const std::vector<StatementSpec>& statements) {
  return StepsReader(endpoint, statements).Read();
}

bool NeedTransaction(const std::vector<StepSpec>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const StepSpec& step) {
    const auto* use = std::get_if<StatementStep>(&step);
    return use != nullptr && (use->expect != Expect::kAnything || !use->foreach.empty());
  });
}

std::string PrintStep(const StepSpec& step, const std::vector<StatementSpec>& statements) {
  if (const auto* think = std::get_if<ThinkStep>(&step)) {
    return fmt::format("{{ think = \"{}\" }}", FormatDuration(think->duration));
  }
  const auto& use = std::get<StatementStep>(step);
  const std::string name = TomlString(statements.at(use.statement).name);
  const std::vector<std::string> conditions = PrintConditions(use);
  return conditions.empty()
             ? name
             : fmt::format("{{ statement = {}, {} }}", name, fmt::join(conditions, ", "));
}

}  // namespace sqlicorn
