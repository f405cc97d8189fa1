// SPDX-License-Identifier: MIT
#include "loadgen/tune/requirement.h"

#include <algorithm>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kDurable = "durable";

// Position in kReportPercents.
std::optional<std::size_t> PercentIndex(double percent) {
  const auto* found = std::find(kReportPercents.begin(), kReportPercents.end(), percent);
  return found == kReportPercents.end()
             ? std::nullopt
             : std::make_optional(static_cast<std::size_t>(found - kReportPercents.begin()));
}

bool IsMeasured(const Metric& metric) {
  switch (metric.quantity) {
    case Quantity::kPercentile:
      return PercentIndex(metric.percent).has_value();
    case Quantity::kLongestGap:
    case Quantity::kLateSends:
    case Quantity::kLagP99:
      return false;
    default:
      return true;
  }
}

// REQUIRES: IsMeasured.
double ValueIn(const Metric& metric, const Numbers& numbers) {
  switch (metric.quantity) {
    case Quantity::kPercentile:
      return numbers.latency.percentiles_ms[PercentIndex(metric.percent).value_or(0)];
    case Quantity::kMax:
      return numbers.latency.max_ms;
    case Quantity::kMin:
      return numbers.latency.min_ms;
    case Quantity::kMean:
      return numbers.latency.avg_ms;
    case Quantity::kRps:
      return numbers.rps;
    case Quantity::kOkRps:
      return numbers.ok_rps;
    case Quantity::kFailuresPerS:
      return numbers.failures_per_s;
    case Quantity::kFailureRatio:
      return numbers.failure_ratio;
    case Quantity::kRequests:
      return static_cast<double>(numbers.requests);
    case Quantity::kFailures:
      return static_cast<double>(numbers.failures);
    default:
      return 0;
  }
}

std::vector<const Numbers*> NumbersFor(const Metric& metric, const Measurement& measured) {
  if (metric.of.empty()) {
    return {&measured.all};
  }
  if (metric.of == "reads") {
    return {&measured.reads};
  }
  if (metric.of == "writes") {
    return {&measured.writes};
  }
  std::vector<const Numbers*> fitting;
  for (const Numbers& endpoint : measured.endpoints) {
    if (metric.Covers(endpoint.method, endpoint.name, endpoint.writes)) {
      fitting.push_back(&endpoint);
    }
  }
  return fitting;
}

}  // namespace

Result<Requirement> ParseRequirement(std::string_view text) {
  if (text == kDurable) {
    return Requirement{std::string(text), std::nullopt};
  }
  Result<Objective> objective = ParseObjective(text);
  if (!objective) {
    return objective.error();
  }
  if (objective->of == Objective::Of::kRatioToFirst || !IsMeasured(objective->metric)) {
    return Error{
        fmt::format("'{}' cannot be required: durable, or a limit on a percentile of the tables "
                    "(p50, p95, p99, "
                    "p99.9, …), max, rps, ok_rps, failure_ratio, …",
                    text)};
  }
  return Requirement{std::string(text), *std::move(objective)};
}

std::optional<double> ValueOf(const Metric& metric, const Measurement& measured) {
  std::optional<double> greatest;
  for (const Numbers* numbers : NumbersFor(metric, measured)) {
    if (numbers->requests > 0 && IsMeasured(metric)) {
      greatest = std::max(greatest.value_or(0), ValueIn(metric, *numbers));
    }
  }
  return greatest;
}

std::string Unmet(const std::vector<Requirement>& requirements,
                  const ConfigurationNumbers& configuration) {
  for (const Requirement& requirement : requirements) {
    if (!requirement.objective) {
      if (!configuration.durability.durable) {
        return fmt::format("not durable: a power cut may cost {}",
                           configuration.durability.power_cut);
      }
      continue;
    }
    const auto value = ValueOf(requirement.objective->metric, configuration.measured);
    if (!value || !requirement.objective->Holds(*value)) {
      return value ? fmt::format("not {}: {:.4g}", requirement.text, *value)
                   : fmt::format("{}: nothing was measured of it", requirement.text);
    }
  }
  return "";
}

}  // namespace sqlicorn::loadgen
