// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison_plan.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/file.h"
#include "common/base/text.h"
#include "common/config/config_text.h"
#include "common/config/table_reader.h"
#include "common/config/toml.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLongest = std::chrono::hours(24);

Result<std::string> SettingText(const Value& value);

struct SettingWriter {
  Result<std::string> operator()(bool value) const { return fmt::format("{}", value); }

  Result<std::string> operator()(std::int64_t value) const { return fmt::format("{}", value); }

  Result<std::string> operator()(double value) const { return TomlNumber(value); }

  Result<std::string> operator()(const std::string& value) const { return TomlString(value); }

  Result<std::string> operator()(const Array& elements) const {
    std::vector<std::string> texts;
    for (const Value& element : elements) {
      Result<std::string> text = SettingText(element);
      if (!text) {
        return text;
      }
      texts.push_back(*std::move(text));
    }
    return fmt::format("[{}]", fmt::join(texts, ", "));
  }

  Result<std::string> operator()(const Table&) const { return Error{"a table in a list"}; }
};

Result<std::string> SettingText(const Value& value) {
  return std::visit(SettingWriter(), value.data);
}

void Set(PlanSetting setting, std::vector<PlanSetting>* settings) {
  const auto same = [&](const PlanSetting& other) { return other.key == setting.key; };
  const auto found = std::find_if(settings->begin(), settings->end(), same);
  if (found == settings->end()) {
    settings->push_back(std::move(setting));
  } else {
    *found = std::move(setting);
  }
}

// Both `"database.timeout" = 1` and `database = { timeout = 1 }` set database.timeout.
Status ReadSettings(const Table& table, const std::string& prefix,
                    std::vector<PlanSetting>* settings) {
  for (const auto& [name, value] : table) {
    const std::string key = prefix + name;
    if (const auto* inner = std::get_if<Table>(&value.data)) {
      if (Status read = ReadSettings(*inner, key + ".", settings); !read) {
        return read;
      }
      continue;
    }
    Result<std::string> text = SettingText(value);
    if (!text) {
      return Error{fmt::format("{}: '{}' cannot be set to {}", value.place.ToString(), key,
                               Describe(value))};
    }
    if (key == "server.bind" || key == "server.pidfile" || key == "server.control_socket") {
      return Error{
          fmt::format("{}: '{}' cannot be set in a plan: compare gives every server a "
                      "port and a control socket of its own and no pidfile",
                      value.place.ToString(), key)};
    }
    Set({key, *std::move(text), value.place}, settings);
  }
  return {};
}

bool IsName(const std::string& name) {
  const auto usual = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '+' || c == '-';
  };
  return !name.empty() && name.size() <= kMaxNameLength && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), usual);
}

class PlanReader {
 public:
  PlanReader(const Value& root, std::string directory)
      : reader_(root, ""), directory_(std::move(directory)) {}

  Result<ComparisonPlan> Read() {
    ReadPath("server", &plan_.server, &plan_.server_place);
    ReadPath("scenario", &plan_.scenario, &plan_.scenario_place);
    ReadLoad();
    if (reader_.Read("audit", &plan_.audit)) {
      plan_.audit_place = reader_.Find("audit")->place;
    }
    reader_.Read("cumulative", &plan_.cumulative);
    reader_.Read("aa", &plan_.aa);
    if (const Value* base = reader_.ReadTable("base")) {
      FailIfNot(ReadSettings(std::get<Table>(base->data), "", &settings_));
    }
    for (const Value* table : reader_.ReadTables("configuration")) {
      ReadConfiguration(*table);
    }
    reader_.NoteMissing("configuration");
    if (const Status all = reader_.Finish(); !all) {
      return all.error();
    }
    return std::move(plan_);
  }

 private:
  void FailIfNot(const Status& status) {
    if (!status) {
      reader_.Fail(status.error());
    }
  }

  void ReadPath(const char* key, std::string* out, Place* place) {
    if (reader_.Require(key, out)) {
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
      FailIfNot(ReadSettings(std::get<Table>(set->data), "", &configuration.own));
    }
    FailIfNot(reader.Finish());
    configuration.settings = settings_;
    for (const PlanSetting& setting : configuration.own) {
      Set(setting, &configuration.settings);
    }
    if (plan_.cumulative) {
      settings_ = configuration.settings;
    }
    plan_.configurations.push_back(std::move(configuration));
  }

  void CheckName(const std::string& name, TableReader* reader) {
    if (!IsName(name)) {
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

}  // namespace

Result<ComparisonPlan> BuildComparisonPlan(const Value& root, const std::string& directory) {
  return PlanReader(root, directory).Read();
}

Result<ComparisonPlan> LoadComparisonPlan(const std::string& path) {
  const Result<Value> root = ReadTomlFile(path);
  if (!root) {
    return root.error();
  }
  Result<ComparisonPlan> plan = BuildComparisonPlan(*root, ConfigDirectory(path));
  if (plan) {
    plan->source = path;
  }
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
