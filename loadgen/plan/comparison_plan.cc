// SPDX-License-Identifier: MIT
#include "loadgen/plan/comparison_plan.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/file.h"
#include "common/base/text.h"
#include "common/config/config_text.h"
#include "common/config/table_reader.h"
#include "common/config/toml.h"
#include "loadgen/plan/plan_command.h"
#include "loadgen/plan/plan_database.h"
#include "loadgen/plan/plan_matrix.h"
#include "loadgen/plan/plan_settings.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLongest = std::chrono::hours(24);

class PlanReader {
 public:
  PlanReader(const Value& root, std::string directory)
      : reader_(root, ""), directory_(std::move(directory)) {}

  PlanDraft Read() {
    reader_.NoteMissing("scenario");
    ReadPath("server", &plan_.server, &plan_.server_place);
    ReadPath("scenario", &plan_.scenario, &plan_.scenario_place);
    ReadLoad();
    if (reader_.Read("audit", &plan_.audit)) {
      plan_.audit_place = reader_.Find("audit")->place;
    }
    if (reader_.Read("rate", &plan_.rate)) {
      plan_.rate_place = reader_.Find("rate")->place;
    }
    reader_.Read("cumulative", &plan_.cumulative);
    reader_.Read("aa", &plan_.aa);
    reader_.Read("chaos", &plan_.chaos);
    double until = 0;
    if (reader_.ReadInRange("until", Range<double>{0.001, 1}, &until)) {
      plan_.until = until;
    }
    Duration budget{};
    if (reader_.ReadInRange("budget", Range<Duration>{std::chrono::seconds(1), kLongest},
                            &budget)) {
      plan_.budget = budget;
    }
    if (const Value* base = reader_.ReadTable("base")) {
      ReadSettings(std::get<Table>(base->data), "", &reader_, &settings_);
    }
    if (const Value* database = reader_.ReadTable("database")) {
      plan_.database = ReadDatabase(*database, directory_, reader_.faults());
    }
    for (const Value* table : reader_.ReadTables("configuration")) {
      ReadConfiguration(*table);
    }
    if (const Value* matrix = reader_.ReadTable("matrix")) {
      AddMatrix(*matrix, settings_, &reader_, &plan_.configurations);
    } else {
      reader_.NoteMissing("configuration");
    }
    RefuseNothing();
    RefuseTwoLengths();
    if (NeedsServer()) {
      reader_.NoteMissing("server");
    }
    PlanDraft draft;
    reader_.FinishInto(&draft.faults);
    draft.plan = std::move(plan_);
    return draft;
  }

 private:
  void RefuseNothing() {
    const Value* listed = reader_.Find("configuration");
    const auto* elements = listed == nullptr ? nullptr : std::get_if<Array>(&listed->data);
    if (plan_.configurations.empty() && elements != nullptr && elements->empty()) {
      reader_.Fail(listed->place, "'configuration' is empty: there is nothing to compare");
    }
  }

  // Where every server is somebody else's, nothing is started with the plan's.
  [[nodiscard]] bool NeedsServer() const {
    const auto ours = [](const PlanConfiguration& each) { return !each.command; };
    const bool makes_database = plan_.database && plan_.database->copy_from.empty();
    return makes_database || plan_.configurations.empty() ||
           std::any_of(plan_.configurations.begin(), plan_.configurations.end(), ours);
  }

  void RefuseTwoLengths() {
    if (const Value* rounds = reader_.Find("rounds"); rounds != nullptr && plan_.budget) {
      reader_.Fail(rounds->place,
                   "'rounds' and 'budget' exclude each other: with a budget there are as many "
                   "rounds as there is time for");
    }
  }

  void ReadPath(const char* key, std::string* out, Place* place) {
    if (reader_.Read(key, out)) {
      *out = ResolvePath(directory_, *out);
      *place = reader_.Find(key)->place;
    }
  }

  void ReadLoad() {
    std::int64_t number = 0;
    if (reader_.ReadInRange("users", Range<std::int64_t>{1, kMaxUsers}, &number)) {
      plan_.users = static_cast<std::uint32_t>(number);
    }
    if (reader_.ReadInRange("rounds", Range<std::int64_t>{1, kMaxRounds}, &number)) {
      plan_.rounds = static_cast<std::uint32_t>(number);
    }
    if (reader_.ReadInRange("seed", Range<std::int64_t>{0, INT64_MAX}, &number)) {
      plan_.seed = static_cast<std::uint64_t>(number);
    }
    const Duration shortest = std::chrono::milliseconds(1);
    reader_.ReadInRange("duration", Range<Duration>{shortest, kLongest}, &plan_.duration);
    reader_.ReadInRange("warmup", Range<Duration>{Duration::zero(), kLongest}, &plan_.warmup);
  }

  void ReadConfiguration(const Value& table) {
    TableReader reader(table, "[configuration]");
    PlanConfiguration configuration;
    if (reader.Require("name", &configuration.name)) {
      CheckName(configuration.name, &reader);
    }
    if (const Value* set = reader.ReadTable("set")) {
      ReadSettings(std::get<Table>(set->data), "", &reader, &configuration.own);
    }
    configuration.command = ReadCommand(directory_, &reader);
    ReadAudited(&reader, &configuration.audited);
    if (configuration.command && !configuration.own.empty()) {
      reader.Fail(table.place, "a configuration with a command or a url cannot set what is ours");
    }
    reader.FinishInto(reader_.faults());
    if (configuration.command) {
      plan_.configurations.push_back(std::move(configuration));
      return;
    }
    configuration.settings = settings_;
    for (const PlanSetting& setting : configuration.own) {
      Set(setting, &configuration.settings);
    }
    if (plan_.cumulative) {
      settings_ = configuration.settings;
    }
    plan_.configurations.push_back(std::move(configuration));
  }

  static void ReadAudited(TableReader* reader, bool* audited) {
    const Value* value = reader->Find("audit");
    if (value == nullptr) {
      return;
    }
    const auto* word = std::get_if<bool>(&value->data);
    const auto* text = std::get_if<std::string>(&value->data);
    if (word == nullptr && (text == nullptr || !text->empty())) {
      reader->FailWanted("audit", "true or false: the query is that of the plan");
      return;
    }
    *audited = word != nullptr && *word;
  }

  void CheckName(const std::string& name, TableReader* reader) {
    if (!IsConfigurationName(name)) {
      reader->FailWanted("name", fmt::format("1 to {} letters, digits, '.', '_', '+' or '-', not "
                                             "a '.' first",
                                             kMaxNameLength));
    }
    for (const PlanConfiguration& other : plan_.configurations) {
      if (other.name == name) {
        reader->Fail(reader->Find("name")->place,
                     fmt::format("there is a configuration '{}' already", name));
      }
    }
  }

  TableReader reader_;
  std::string directory_;
  ComparisonPlan plan_;
  std::vector<PlanSetting> settings_;  // that the next configuration starts from
};

Result<ComparisonPlan> PlanOf(PlanDraft draft) {
  const Status faultless = draft.faults.ToStatus();
  return faultless ? Result<ComparisonPlan>(std::move(draft.plan)) : faultless.error();
}

}  // namespace

Result<ComparisonPlan> BuildComparisonPlan(const Value& root, const std::string& directory) {
  return PlanOf(PlanReader(root, directory).Read());
}

Result<PlanDraft> DraftComparisonPlan(const std::string& path) {
  const Result<Value> root = ReadTomlFile(path);
  if (!root) {
    return root.error();
  }
  PlanDraft draft = PlanReader(*root, ConfigDirectory(path)).Read();
  draft.plan.source = path;
  return draft;
}

Result<ComparisonPlan> LoadComparisonPlan(const std::string& path) {
  Result<PlanDraft> draft = DraftComparisonPlan(path);
  return draft ? PlanOf(*std::move(draft)) : Result<ComparisonPlan>(draft.error());
}

Result<ComparisonPlan> LoadPlanOrServer(const std::string& path) {
  const Result<Value> root = ReadTomlFile(path);
  if (!root) {
    return root.error();
  }
  if (FindMember(std::get<Table>(root->data), "endpoint") == nullptr) {
    return LoadComparisonPlan(path);
  }
  ComparisonPlan plan;
  plan.source = plan.server = path;
  plan.server_place = {path, 1, 1};
  plan.configurations.push_back({"as it is", {}, {}});
  return plan;
}

void AddControl(ComparisonPlan* plan) {
  if (!plan->aa || plan->configurations.size() < 2) {
    return;
  }
  PlanConfiguration control = plan->configurations.front();
  control.name += " again";
  control.control = true;
  plan->configurations.push_back(std::move(control));
}

Status KeepOnly(const std::vector<std::string>& names, ComparisonPlan* plan) {
  std::vector<std::string> known;
  for (const PlanConfiguration& configuration : plan->configurations) {
    known.push_back(configuration.name);
  }
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return Error{fmt::format("{} has no configuration '{}'{}; it has {}", plan->source, name,
                               DidYouMean(name, known), fmt::join(known, ", "))};
    }
  }
  const auto unwanted = [&](const PlanConfiguration& configuration) {
    return !names.empty() &&
           std::find(names.begin(), names.end(), configuration.name) == names.end();
  };
  std::vector<PlanSetting> carried;
  for (PlanConfiguration& configuration : plan->configurations) {
    if (!plan->cumulative) {
      break;
    }
    for (const PlanSetting& setting : configuration.own) {
      Set(setting, &carried);
    }
    if (!unwanted(configuration)) {
      configuration.own = std::exchange(carried, {});
    }
  }
  std::erase_if(plan->configurations, unwanted);
  return {};
}

}  // namespace sqlicorn::loadgen
