// SPDX-License-Identifier: MIT
#include "loadgen/report/progress_line.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

// "[=======             ]  35%"
std::string Bar(double share, std::size_t width) {
  std::string bar(static_cast<std::size_t>(share * static_cast<double>(width)), '=');
  bar.resize(width, ' ');
  return fmt::format("[{}] {:3.0f}%", bar, share * 100);
}

std::string TimeText(const Progress& progress) {
  const double elapsed = std::max(0.0, progress.elapsed_s);
  if (!progress.run_time_s) {
    return fmt::format("{:.0f}s", elapsed);
  }
  const double share = std::min(1.0, elapsed / *progress.run_time_s);
  const double left = std::ceil(std::max(0.0, *progress.run_time_s - elapsed));
  return fmt::format("{} ETA {:.0f}s", Bar(share, 20), left);
}

std::string LatencyText(double ms) {
  return ms < 100 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms);
}

// "1:05", "1:00:05".
std::string ClockText(Duration duration) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
  return seconds < 3600
             ? fmt::format("{}:{:02}", seconds / 60, seconds % 60)
             : fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
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

std::string PlanProgressLine(const PlanProgress& progress, int columns) {
  std::string line = fmt::format("{} ETA {}  {}/{} {} {}", Bar(progress.estimate.share, 16),
                                 ClockText(progress.estimate.left), progress.run, progress.runs,
                                 progress.configuration, progress.phase);
  if (progress.requests_per_s > 0) {
    line += fmt::format("  {} req/s, {}% failed", RateText(progress.requests_per_s),
                        PercentText(progress.failure_ratio));
  }
  line.resize(std::min(line.size(), static_cast<std::size_t>(std::max(0, columns))));
  return line;
}

std::string RunDoneLine(std::size_t runs, const std::string& configuration,
                        const RoundNumbers& numbers) {
  const Measurement& measured = numbers.measured;
  return fmt::format("run {:>{}}/{}, round {}: {:<{}} {:>8} req/s  failed {:>5} %  audit {}\n",
                     numbers.position, fmt::to_string(runs).size(), runs, numbers.round,
                     configuration, kMaxNameLength, RateText(measured.all.rps),
                     PercentText(measured.all.failure_ratio), VerdictText(measured.audit));
}

}  // namespace sqlicorn::loadgen
