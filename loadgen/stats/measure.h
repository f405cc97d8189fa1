// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loadgen/stats/objective.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// What was measured beside the endpoints, of a run or of several of one configuration.
struct MeasuredBeside {
  double seconds = 0;                    // the counted time, over which rates are taken
  std::optional<double> longest_gap_ms;  // without an answer
  std::optional<double> late_sends;      // share of all sends; of an open loop alone
  std::optional<double> lag_p99_ms;
  std::optional<double> cpu_ms;  // of the server, by successful request
};

// The metric in what was measured, in the metric's unit: of several endpoints that it covers their
// sum, histograms merged. None where there was nothing to measure, such as a rate or a percentile
// without a request. All limits (--fail-if, --find-max, what `tune` requires) are judged by it.
[[nodiscard]] std::optional<double> ValueOf(const Metric& metric,
                                            const std::vector<EndpointStats>& endpoints,
                                            const MeasuredBeside& beside);

// Of one run. Percentiles of an open loop are from the intended start.
[[nodiscard]] std::optional<double> ValueOf(const Metric& metric, const RunResult& result);

// "73.2 ms", "1561 per second", "1.25 %", "12", "-" for nothing.
[[nodiscard]] std::string MetricText(const Metric& metric, std::optional<double> value);

// How many requests a metric takes to say anything: of a percentile, ten beyond it; see Carries.
[[nodiscard]] double RequestsNeeded(const Metric& metric);

// "1 of 1500 requests of the log, at 0.01 times its speed".
[[nodiscard]] std::string ReplayText(const Replayed& replay);

// Why the numbers of a run cannot be believed, a sentence each; none = VALID. Beside what Judge
// says of its facts: where not one request succeeded, nothing was measured.
[[nodiscard]] std::vector<std::string> JudgeRun(const RunResult& result);

}  // namespace sqlicorn::loadgen
