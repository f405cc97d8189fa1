// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "loadgen/stats/objective.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// The metric in what was measured, in the metric's unit; nothing where there was nothing to
// measure, such as a percentile without a request. Percentiles of an open loop are from the
// intended start.
[[nodiscard]] std::optional<double> ValueOf(const Metric& metric, const RunResult& result);

// "12.34 ms", "1,234/s", "0.5 %", "12", "-" for nothing.
[[nodiscard]] std::string MetricText(const Metric& metric, std::optional<double> value);

}  // namespace sqlicorn::loadgen
