// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/config/table_reader.h"
#include "common/config/value.h"
#include "loadgen/plan/comparison_plan.h"

// The settings of the server that a plan has, as `--set` takes them.
namespace sqlicorn::loadgen {

// A value as TOML.
[[nodiscard]] Result<std::string> SettingText(const Value& value);

// Replaces the setting of the same key, or adds it.
void Set(PlanSetting setting, std::vector<PlanSetting>* settings);

// Adds what a table sets. What is wrong is told to `reader`. `prefix` is "" or ends with a dot.
void ReadSettings(const Table& table, const std::string& prefix, TableReader* reader,
                  std::vector<PlanSetting>* settings);

}  // namespace sqlicorn::loadgen
