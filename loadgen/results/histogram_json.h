// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "loadgen/results/json_reader.h"
#include "loadgen/stats/histogram.h"

namespace sqlicorn::loadgen {

// [value, count, value, count, …]: an array of its own for each pair would double the file.
using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
[[nodiscard]] nlohmann::ordered_json FlatJson(const Pairs& pairs);
[[nodiscard]] Pairs ReadFlat(const JsonPlace& from);

[[nodiscard]] nlohmann::ordered_json HistogramJson(const Histogram& histogram);
[[nodiscard]] Histogram ReadHistogram(const JsonPlace& from);

}  // namespace sqlicorn::loadgen
