// SPDX-License-Identifier: MIT
#include "loadgen/report/plan_progress.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kBarWidth = 16;

// "1:05", "1:00:05".
std::string ClockText(Duration duration) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
  return seconds < 3600
             ? fmt::format("{}:{:02}", seconds / 60, seconds % 60)
             : fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

std::string PlanProgressLine(const PlanProgress& progress, int columns) {
  std::string bar(static_cast<std::size_t>(progress.estimate.share * kBarWidth), '=');
  bar.resize(kBarWidth, ' ');
  std::string line =
      fmt::format("[{}] {:3.0f}% ETA {}  {}/{} {} {}", bar, progress.estimate.share * 100,
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
  std::string audit = measured.audit.why_not.empty() ? "none" : "not possible";
  if (measured.audit.method != AuditMethod::kNone) {
    audit = measured.audit.clean() ? "ok" : "FAILED";
  }
  return fmt::format("run {:>{}}/{}, round {}: {:<{}} {:>8} req/s  failed {:>5} %  audit {}\n",
                     numbers.position, fmt::to_string(runs).size(), runs, numbers.round,
                     configuration, kMaxNameLength, RateText(measured.all.rps),
                     PercentText(measured.all.failure_ratio), audit);
}

}  // namespace sqlicorn::loadgen
