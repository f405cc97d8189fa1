// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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

}  // namespace sqlicorn::loadgen
