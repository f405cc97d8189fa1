// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "loadgen/compare/comparison.h"
#include "loadgen/plan/plan_order.h"

namespace sqlicorn::loadgen {

// What the live line shows of a run.
struct Progress {
  double elapsed_s = 0;
  std::optional<double> run_time_s;  // none = until stopped
  std::uint32_t users = 0;
  double requests_per_s = 0;
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

// One line of at most `columns` characters, without an end of line.
[[nodiscard]] std::string ProgressLine(const Progress& progress, int columns);

// What the live line of a comparison shows.
struct PlanProgress {
  PlanEstimate estimate;
  std::size_t run = 0;  // from 1
  std::size_t runs = 0;
  std::string configuration;  // of the run under way
  std::string phase;          // "measuring"
  double requests_per_s = 0;  // 0 = not known
  double failure_ratio = 0;
};

// One line of at most `columns` characters, without an end of line.
[[nodiscard]] std::string PlanProgressLine(const PlanProgress& progress, int columns);

// The line that stays when one of `runs` runs is done, with its end of line.
[[nodiscard]] std::string RunDoneLine(std::size_t runs, const std::string& configuration,
                                      const RoundNumbers& numbers);

}  // namespace sqlicorn::loadgen
