// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/report/progress_line.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

enum class LiveState { kRunning, kEnded };

// What the live page shows of a run, in one line of JSON: the numbers of the progress line, rate
// and p99 over the time so far, all endpoints, the ten kinds of failures that occurred most.
[[nodiscard]] std::string LiveJson(LiveState state, const Progress& progress,
                                   const RunStats& stats);

}  // namespace sqlicorn::loadgen
