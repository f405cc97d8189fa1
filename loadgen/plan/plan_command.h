// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "common/config/table_reader.h"
#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {

// Reads command, url, ready_url, stop, environment and directory of a configuration. None where it
// has neither a command nor a url. Relative paths start at `directory`, the plan's. What is wrong
// is told to `reader`.
[[nodiscard]] std::optional<PlanCommand> ReadCommand(const std::string& directory,
                                                     TableReader* reader);

}  // namespace sqlicorn::loadgen
