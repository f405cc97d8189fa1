// SPDX-License-Identifier: MIT
#include "loadgen/plan/plan_matrix.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "common/base/text.h"
#include "loadgen/plan/plan_settings.h"

namespace sqlicorn::loadgen {
namespace {

using Settings = std::vector<PlanSetting>;

struct Axis {
  Settings values;  // the same key, one of its values each
};

bool IsUsual(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '+' || c == '-';
}

// Lists are the values of an axis; anything else is an axis of one.
void ReadAxes(const Table& table, const std::string& prefix, TableReader* reader,
              std::vector<Axis>* axes) {
  for (const auto& [name, value] : table) {
    if (prefix.empty() && name == "exclude") {
      continue;
    }
    if (const auto* inner = std::get_if<Table>(&value.data)) {
      ReadAxes(*inner, prefix + name + ".", reader, axes);
      continue;
    }
    const auto* list = std::get_if<Array>(&value.data);
    const Array values = list != nullptr ? *list : Array{value};
    Axis axis;
    for (const Value& one : values) {
      Settings read;
      ReadSettings({{name, one}}, prefix, reader, &read);
      axis.values.insert(axis.values.end(), read.begin(), read.end());
    }
    if (values.empty()) {
      reader->Fail(value.place, fmt::format("'{}{}' has no value", prefix, name));
    }
    axes->push_back(std::move(axis));
  }
}

std::vector<Settings> ReadExclusions(const Table& table, TableReader* reader) {
  std::vector<Settings> exclusions;
  const Value* exclude = FindMember(table, "exclude");
  const auto* list = exclude == nullptr ? nullptr : std::get_if<Array>(&exclude->data);
  if (exclude != nullptr && list == nullptr) {
    reader->Fail(exclude->place, "'exclude' must be a list of tables");
    return exclusions;
  }
  for (const Value& one : list == nullptr ? Array() : *list) {
    if (const auto* members = std::get_if<Table>(&one.data)) {
      ReadSettings(*members, "", reader, &exclusions.emplace_back());
      if (members->empty()) {
        reader->Fail(one.place, "'exclude': an empty table excludes nothing");
      }
    } else {
      reader->Fail(one.place, "'exclude' must be a list of tables");
    }
  }
  return exclusions;
}

// What no combination has excludes nothing, and is a slip.
void CheckExclusion(const PlanSetting& wanted, const std::vector<Axis>& axes, TableReader* reader) {
  std::vector<std::string> keys;
  for (const Axis& axis : axes) {
    for (const PlanSetting& value : axis.values) {
      if (value.key == wanted.key && value.text == wanted.text) {
        return;
      }
      keys.push_back(value.key);
    }
  }
  const bool known = std::find(keys.begin(), keys.end(), wanted.key) != keys.end();
  reader->Fail(wanted.place,
               known ? fmt::format("'exclude': the matrix has no {} = {}", wanted.key, wanted.text)
                     : fmt::format("'exclude': the matrix has no key '{}'{}", wanted.key,
                                   DidYouMean(wanted.key, keys)));
}

void CheckExclusions(const std::vector<Settings>& exclusions, const std::vector<Axis>& axes,
                     TableReader* reader) {
  for (const Settings& exclusion : exclusions) {
    for (const PlanSetting& wanted : exclusion) {
      CheckExclusion(wanted, axes, reader);
    }
  }
}

bool Excluded(const Settings& settings, const std::vector<Settings>& exclusions) {
  const auto has = [&settings](const PlanSetting& wanted) {
    return std::any_of(settings.begin(), settings.end(), [&](const PlanSetting& setting) {
      return setting.key == wanted.key && setting.text == wanted.text;
    });
  };
  return std::any_of(exclusions.begin(), exclusions.end(), [&](const Settings& exclusion) {
    return !exclusion.empty() && std::all_of(exclusion.begin(), exclusion.end(), has);
  });
}

// Cut where it is too long, with a number where another has it already.
std::string NameOf(const Settings& settings, const std::vector<PlanConfiguration>& others) {
  std::string name;
  for (const PlanSetting& setting : settings) {
    name += name.empty() ? "" : "-";
    for (const char c : setting.text) {
      name.append(IsUsual(c) ? 1 : 0, c);
    }
  }
  name = name.substr(0, kMaxNameLength);
  const auto taken = [&others](const std::string& wanted) {
    return std::any_of(others.begin(), others.end(),
                       [&](const PlanConfiguration& other) { return other.name == wanted; });
  };
  std::string unique = IsConfigurationName(name) ? name : "matrix";
  for (int i = 2; taken(unique); ++i) {
    const std::string number = fmt::format("+{}", i);
    unique = name.substr(0, kMaxNameLength - number.size()) + number;
  }
  return unique;
}

// The combination of this number; the last axis changes fastest.
Settings Combination(const std::vector<Axis>& axes, std::size_t number) {
  Settings settings;
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
    settings.insert(settings.begin(), axis->values[number % axis->values.size()]);
    number /= axis->values.size();
  }
  return settings;
}

}  // namespace

bool IsConfigurationName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxNameLength && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), IsUsual);
}

void AddMatrix(const Value& table, const std::vector<PlanSetting>& base, TableReader* reader,
               std::vector<PlanConfiguration>* configurations) {
  const auto& members = std::get<Table>(table.data);
  std::vector<Axis> axes;
  ReadAxes(members, "", reader, &axes);
  const std::vector<Settings> exclusions = ReadExclusions(members, reader);
  CheckExclusions(exclusions, axes, reader);
  std::size_t combinations = axes.empty() ? 0 : 1;
  for (const Axis& axis : axes) {
    combinations = std::min(combinations * axis.values.size(), kMaxMatrix + 1);
  }
  const std::size_t before = configurations->size();
  if (combinations > kMaxMatrix) {
    reader->Fail(table.place, fmt::format("a matrix of more than {} configurations", kMaxMatrix));
    return;
  }
  for (std::size_t i = 0; i < combinations; ++i) {
    PlanConfiguration configuration;
    configuration.own = Combination(axes, i);
    if (Excluded(configuration.own, exclusions)) {
      continue;
    }
    configuration.name = NameOf(configuration.own, *configurations);
    configuration.settings = base;
    for (const PlanSetting& setting : configuration.own) {
      Set(setting, &configuration.settings);
    }
    configurations->push_back(std::move(configuration));
  }
  if (configurations->size() == before) {
    reader->Fail(table.place, "the matrix has no configuration");
  }
}

}  // namespace sqlicorn::loadgen
