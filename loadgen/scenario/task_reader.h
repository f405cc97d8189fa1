// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/config/value.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// One [[task]] of a scenario. `forms` is the file's [forms] table, or nullptr. Errors name
// file:line:column.
[[nodiscard]] Result<TaskSpec> ReadTask(const Value& table, const Value* forms);

}  // namespace sqlicorn::loadgen
