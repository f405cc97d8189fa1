// SPDX-License-Identifier: MIT
#include "loadgen/tune/requirement.h"

#include <fmt/format.h>

#include "loadgen/compare/thresholds.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kDurable = "durable";

}  // namespace

Result<Requirement> ParseRequirement(std::string_view text) {
  if (text == kDurable) {
    return Requirement{std::string(text), std::nullopt};
  }
  Result<Objective> objective = ParseObjective(text);
  if (!objective) {
    return objective.error();
  }
  if (objective->of == Objective::Of::kRatioToFirst ||
      objective->metric.quantity == Quantity::kLateSends) {
    return Error{fmt::format(
        "'{}' cannot be required: durable, or a limit on p99, max, rps, failure_ratio, …", text)};
  }
  return Requirement{std::string(text), *std::move(objective)};
}

std::string Unmet(const std::vector<Requirement>& requirements,
                  const ConfigurationNumbers& configuration) {
  for (const Requirement& requirement : requirements) {
    if (!requirement.objective) {
      if (!configuration.durability.durable) {
        return fmt::format("not durable: a power cut may cost {}",
                           configuration.durability.power_cut);
      }
      continue;
    }
    const auto value = ValueOf(requirement.objective->metric, configuration);
    if (!value || !requirement.objective->Holds(*value)) {
      return value ? fmt::format("not {}: {}", requirement.text,
                                 MeasuredText(*requirement.objective, *value))
                   : fmt::format("{}: nothing was measured of it", requirement.text);
    }
  }
  return "";
}

}  // namespace sqlicorn::loadgen
