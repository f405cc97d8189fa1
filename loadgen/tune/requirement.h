// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "loadgen/compare/comparison.h"
#include "loadgen/stats/objective.h"

namespace sqlicorn::loadgen {

// What a configuration must be to be chosen: durable, or an objective that its numbers must hold,
// such as "p99(writes) < 50ms".
struct Requirement {
  std::string text;                    // as it was written
  std::optional<Objective> objective;  // none = durable
};

// "durable", or an objective on a value that a measurement has. The error says what else there is.
[[nodiscard]] Result<Requirement> ParseRequirement(std::string_view text);

// The first that the configuration does not meet, with the value it has; "" where it meets all.
// What was not measured is not met.
[[nodiscard]] std::string Unmet(const std::vector<Requirement>& requirements,
                                const ConfigurationNumbers& configuration);

}  // namespace sqlicorn::loadgen
