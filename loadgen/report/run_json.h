// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/stats/found_max.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// The result as JSON: endpoints, their sum, errors, and the conditions of the run. Times come from
// the histogram, to three digits, not from locust's rounding. Endpoints without a request are left
// out, as in the tables.
[[nodiscard]] std::string RunJson(const RunResult& result);

// What --find-max found, with every rate that was tried.
[[nodiscard]] std::string FoundMaxJson(const FoundMax& found);

}  // namespace sqlicorn::loadgen
