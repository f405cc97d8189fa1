// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/clock.h"

namespace sqlicorn::loadgen {

// One run of a comparison.
struct PlanStep {
  std::uint32_t round = 0;        // from 0
  std::size_t configuration = 0;  // index into ComparisonPlan::configurations
  // That is tried, per second, and for how long; none = the load is the plan's.
  std::optional<double> rate{};
  std::optional<Duration> duration{};

  bool operator==(const PlanStep&) const = default;
};

// Every configuration once in each round. One round keeps the order of the plan. Several are rows
// of Williams' squares (1949): in each square every configuration stands in every place, and
// follows every other, equally often, so that neither place nor predecessor favours one. Which is
// which, and the order of the rows, is drawn anew for each square, because a fixed order can move
// in step with whatever else the machine does. The same seed gives the same order everywhere.
[[nodiscard]] std::vector<PlanStep> PlanOrder(std::size_t configurations, std::uint32_t rounds,
                                              std::uint64_t seed);

// How far a plan is.
struct PlanPosition {
  std::size_t runs = 0;  // of the whole plan
  std::size_t done = 0;
  Duration load_time{};    // of one run: warm-up and counted time
  Duration done_time{};    // all that the runs done took
  Duration run_elapsed{};  // since the run under way began
};

struct PlanEstimate {
  double share = 0;  // done, 0 to 1
  Duration left{};
};

// A run is taken to last as long as those before it did; the first as long as its load and a guess
// for start, stop and audit. A run that takes longer than that counts as nearly done.
[[nodiscard]] PlanEstimate EstimatePlan(const PlanPosition& position);

}  // namespace sqlicorn::loadgen
