// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "loadgen/results/json_reader.h"
#include "loadgen/stats/run_stats.h"

// The statistics of a run as JSON, and back: what is read is what was written, digit for digit, but
// for the rates "at the moment" and for which of the writes had which fate.
namespace sqlicorn::loadgen {

[[nodiscard]] nlohmann::ordered_json ToJson(const RunResult& result);

[[nodiscard]] RunResult ReadRunResult(const JsonPlace& from);

}  // namespace sqlicorn::loadgen
