// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// The charts of a comparison with their headings: throughput, ratios, percentiles, time. What only
// a comparison has is left out where there is one configuration.
// REQUIRES: a configuration.
[[nodiscard]] std::string ComparisonCharts(const Comparison& comparison);

}  // namespace sqlicorn::loadgen
