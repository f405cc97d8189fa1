// SPDX-License-Identifier: MIT
#include "loadgen/report/progress_line.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr int kBarWidth = 20;

// "[=======>            ]  35%", the rest of the time after it.
std::string TimeText(const Progress& progress) {
  const double elapsed = std::max(0.0, progress.elapsed_s);
  if (!progress.run_time_s) {
    return fmt::format("{:.0f}s", elapsed);
  }
  const double share = std::min(1.0, elapsed / *progress.run_time_s);
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  std::string bar(filled, '=');
  bar.resize(kBarWidth, ' ');
  const double left = std::ceil(std::max(0.0, *progress.run_time_s - elapsed));
  return fmt::format("[{}] {:3.0f}% ETA {:.0f}s", bar, share * 100, left);
}

std::string LatencyText(double ms) {
  return ms < 100 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms);
}

}  // namespace

std::string ProgressLine(const Progress& progress, int columns) {
  const double percent = progress.requests == 0 ? 0
                                                : 100 * static_cast<double>(progress.failures) /
                                                      static_cast<double>(progress.requests);
  std::string line =
      fmt::format("{}  users {}  req/s {:.0f}  failures {} ({:.2f}%)  p50 {} ms  p99 {} ms",
                  TimeText(progress), progress.users, progress.requests_per_s, progress.failures,
                  percent, LatencyText(progress.p50_ms), LatencyText(progress.p99_ms));
  line.resize(std::min(line.size(), static_cast<std::size_t>(std::max(0, columns))));
  return line;
}

}  // namespace sqlicorn::loadgen
