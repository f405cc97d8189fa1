// SPDX-License-Identifier: MIT
#include "loadgen/plan/plan_settings.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/config/toml.h"

namespace sqlicorn::loadgen {
namespace {

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

void ReadSetting(const std::string& key, const Value& value, TableReader* reader,
                 std::vector<PlanSetting>* settings) {
  Result<std::string> text = SettingText(value);
  if (!text) {
    reader->Fail(value.place, fmt::format("'{}' cannot be set to {}", key, Describe(value)));
  } else if (key == "server.bind" || key == "server.pidfile" || key == "server.control_socket") {
    reader->Fail(value.place,
                 fmt::format("'{}' cannot be set in a plan: compare gives every server a "
                             "port and a control socket of its own and no pidfile",
                             key));
  } else {
    Set({key, *std::move(text), value.place}, settings);
  }
}

}  // namespace

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
void ReadSettings(const Table& table, const std::string& prefix, TableReader* reader,
                  std::vector<PlanSetting>* settings) {
  for (const auto& [name, value] : table) {
    const std::string key = prefix + name;
    if (const auto* inner = std::get_if<Table>(&value.data)) {
      ReadSettings(*inner, key + ".", reader, settings);
    } else {
      ReadSetting(key, value, reader, settings);
    }
  }
}

}  // namespace sqlicorn::loadgen
