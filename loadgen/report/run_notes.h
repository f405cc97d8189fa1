// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// What a reader of locust's tables must know beside them, a line each.
[[nodiscard]] std::string RunNotes(const RunResult& result);

}  // namespace sqlicorn::loadgen
