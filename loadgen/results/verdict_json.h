// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "loadgen/results/json_reader.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// What a result file keeps of an open loop (null = there was none), and of what the verdict is
// judged by.
[[nodiscard]] nlohmann::ordered_json OpenLoopJson(const std::optional<OpenLoop>& open);
[[nodiscard]] nlohmann::ordered_json FactsJson(const MeasurementFacts& facts);

// `run` is the run that has it as "open_loop".
[[nodiscard]] std::optional<OpenLoop> ReadOpenLoop(const JsonPlace& run);
[[nodiscard]] MeasurementFacts ReadFacts(const JsonPlace& from);

}  // namespace sqlicorn::loadgen
