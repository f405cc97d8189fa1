// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/config/table_reader.h"
#include "common/config/value.h"
#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {

// 1 to kMaxNameLength letters, digits and ._+- , not a dot first.
[[nodiscard]] bool IsConfigurationName(const std::string& name);

// More configurations than anybody compares.
inline constexpr std::size_t kMaxMatrix = 500;

// Adds a configuration for every combination of the values that the table has for its keys, the
// last key changing fastest, but those that agree with an element of `exclude` in all that it says.
// Its name is made of the values: "wal-normal", "wal-normal-8". Each starts from `base`. What is
// wrong is told to `reader`, with its place.
void AddMatrix(const Value& table, const std::vector<PlanSetting>& base, TableReader* reader,
               std::vector<PlanConfiguration>* configurations);

}  // namespace sqlicorn::loadgen
