// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/config/value.h"
#include "loadgen/scenario/value_table.h"

namespace sqlicorn::loadgen {

// Reads [values]: `name = { counter = 1 }` and its like (docs/scenarios.md), with the files they
// name, whose paths start at `directory`; and the names that always are there, `user` and `run`.
// `table` may be nullptr. What is wrong is added to `faults`.
[[nodiscard]] ValueTable ReadValues(const Value* table, const std::string& directory,
                                    Faults* faults);

// The index of a value taken from answers; nullopt when `name` is another value's already.
[[nodiscard]] std::optional<std::size_t> AddTaken(const std::string& name, ValueTable* values);

[[nodiscard]] bool IsValueName(std::string_view name);

}  // namespace sqlicorn::loadgen
