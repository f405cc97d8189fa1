// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "loadgen/compare/comparison_builder.h"

// A small comparison, for what is made of one.
namespace sqlicorn::loadgen::sample {

[[nodiscard]] ComparisonPlan Plan();

[[nodiscard]] Provenance From();

[[nodiscard]] MeasuredRun Run(PlanStep step);

// In the order in which they were made.
[[nodiscard]] std::vector<MeasuredRun> Runs();

[[nodiscard]] Comparison Built();

}  // namespace sqlicorn::loadgen::sample
