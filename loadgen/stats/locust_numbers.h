// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "loadgen/stats/python_repr.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

inline constexpr std::array<double, 11> kLocustFractions = {0.5,  0.66, 0.75,  0.8,    0.9, 0.95,
                                                            0.98, 0.99, 0.999, 0.9999, 1.0};

// One row of locust's tables and files, all numbers made by its rules (milliseconds).
struct LocustRow {
  std::string method;  // "" in the aggregate
  std::string name;
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;
  PythonNumber median = 0;  // a rounded key, or the exact extreme where the key lies outside
  double average = 0;
  PythonNumber min = 0;
  PythonNumber max = 0;
  PythonNumber average_size = 0;  // bytes of body per answer
  double requests_per_s = 0;
  double failures_per_s = 0;
  std::array<std::uint64_t, kLocustFractions.size()> percentiles{};  // rounded keys
};

struct LocustError {
  std::string method;
  std::string name;
  std::string error;
  std::uint64_t occurrences = 0;
  std::int64_t first_seen_s = 0;  // unix time
  std::int64_t last_seen_s = 0;
};

// What locust would show of a run.
struct LocustTable {
  std::vector<LocustRow> rows;  // endpoints with a request, by name and method
  LocustRow aggregated;
  std::vector<LocustError> errors;  // in the order of first occurrence
};

// Rates over the whole run, or at the moment.
enum class LocustRates { kTotal, kCurrent };

[[nodiscard]] LocustTable MakeLocustTable(const RunStats& stats, LocustRates rates);

[[nodiscard]] std::array<std::uint64_t, kLocustFractions.size()> LocustPercentiles(
    const RoundedTimes& times);

}  // namespace sqlicorn::loadgen
