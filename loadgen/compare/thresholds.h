// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "loadgen/compare/comparison.h"
#include "loadgen/stats/objective.h"

// The limits of --fail-if: what was measured of each, and whether it holds.
namespace sqlicorn::loadgen {

// What all rounds of a configuration measured of a metric together; see stats/measure.h.
[[nodiscard]] std::optional<double> ValueOf(const Metric& metric,
                                            const ConfigurationNumbers& configuration);

// Every limit for every configuration that was measured or failed; a limit on a ratio for every one
// but the first. The ratios of ok_rps over all endpoints and of cpu are those of the report, any
// other the quotient of two values. Too few requests for a percentile have not measured it.
[[nodiscard]] std::vector<ThresholdFinding> JudgeThresholds(const std::vector<Objective>& limits,
                                                            const Comparison& comparison);

// An error where one of them is a ratio, which one configuration has to nothing; and for a `run`,
// also where it is on what only `compare` measures of its servers.
[[nodiscard]] Status RefuseRatios(const std::vector<Objective>& limits);
[[nodiscard]] Status RefuseComparedLimits(const std::vector<Objective>& limits);

// Whether a --fail-if came true. What cannot be told does not pass either.
[[nodiscard]] bool AnyHolds(const std::vector<ThresholdFinding>& findings);

// That each limit is on something that there is; the error names what there is, and the flag that
// the limits are from. `endpoints` have their methods and names.
[[nodiscard]] Status CheckLimits(const std::vector<Objective>& limits,
                                 const std::vector<EndpointStats>& endpoints,
                                 std::string_view flag = "--fail-if");

// The same for what was measured already: no configuration has what nothing is known of.
[[nodiscard]] Status CheckLimitsOf(const std::vector<Objective>& limits,
                                   const Comparison& comparison);

// "73.2 ms", "1.25 %", "0.93 times the first".
[[nodiscard]] std::string MeasuredText(const Objective& limit, double value);

}  // namespace sqlicorn::loadgen
