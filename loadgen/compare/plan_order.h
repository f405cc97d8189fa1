// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sqlicorn::loadgen {

// One run of a comparison.
struct PlanStep {
  std::uint32_t round = 0;        // from 0
  std::size_t configuration = 0;  // index into ComparisonPlan::configurations

  bool operator==(const PlanStep&) const = default;
};

// Every configuration once in each round. One round keeps the order of the plan; with several, each
// is shuffled, because a fixed order can move in step with whatever else the machine does. The same
// seed gives the same order everywhere.
[[nodiscard]] std::vector<PlanStep> PlanOrder(std::size_t configurations, std::uint32_t rounds,
                                              std::uint64_t seed);

}  // namespace sqlicorn::loadgen
