// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/config/table_reader.h"
#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {

// Reads the [database] of a plan. A relative path starts in `directory`.
[[nodiscard]] PlanDatabase ReadDatabase(const Value& table, const std::string& directory,
                                        Faults* faults);

// Whether the statement begins with INSERT or REPLACE and has a SELECT, which is what takes its
// rows from n. SQLite itself judges the rest.
[[nodiscard]] bool IsFill(std::string_view statement);

}  // namespace sqlicorn::loadgen
