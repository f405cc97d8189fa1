// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// Adds "percentiles_ms", by percentile, and "too_few_requests_for", the percentiles that the number
// of requests does not carry.
void AddPercentiles(const LatencySummary& latency, nlohmann::ordered_json* json);

}  // namespace sqlicorn::loadgen
