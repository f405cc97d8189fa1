// SPDX-License-Identifier: MIT
#include "loadgen/compare/thresholds.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sqlicorn::loadgen {
namespace {

constexpr double kUsPerMs = 1000;

EndpointStats CoveredBy(const Metric& metric, const ConfigurationNumbers& configuration) {
  EndpointStats sum;
  for (const EndpointStats& endpoint : configuration.distribution.endpoints) {
    if (metric.Covers(endpoint.method, endpoint.name, endpoint.writes)) {
      sum.Merge(endpoint);
    }
  }
  return sum;
}

double Quotient(std::uint64_t count, double by) {
  return by > 0 ? static_cast<double>(count) / by : 0;
}

bool IsReportedRatio(const Metric& metric) {
  return metric.quantity == Quantity::kOkRps && metric.of.empty();
}

std::optional<double> RatioOf(const Objective& limit, const ConfigurationNumbers& configuration,
                              const ConfigurationNumbers& first) {
  if (IsReportedRatio(limit.metric)) {
    const double ratio = configuration.ok_rate.ratio;
    return ratio > 0 ? std::make_optional(ratio) : std::nullopt;
  }
  const std::optional<double> value = ValueOf(limit.metric, configuration);
  const std::optional<double> base = ValueOf(limit.metric, first);
  return value && base && *base > 0 ? std::make_optional(*value / *base) : std::nullopt;
}

ThresholdFinding Judge(const Objective& limit, const ConfigurationNumbers& configuration,
                       const ConfigurationNumbers& first) {
  ThresholdFinding finding;
  finding.limit = limit.text;
  finding.configuration = configuration.name;
  finding.value = limit.of == Objective::Of::kRatioToFirst ? RatioOf(limit, configuration, first)
                                                           : ValueOf(limit.metric, configuration);
  finding.holds = finding.value && limit.Holds(*finding.value);
  finding.value_text = finding.value ? MeasuredText(limit, *finding.value) : "not measured";
  return finding;
}

}  // namespace

std::optional<double> ValueOf(const Metric& metric, const ConfigurationNumbers& configuration) {
  const EndpointStats stats = CoveredBy(metric, configuration);
  const double seconds = configuration.measured.seconds;
  if (stats.requests == 0) {
    return std::nullopt;
  }
  switch (metric.quantity) {
    case Quantity::kPercentile:
      return stats.latency.PercentileUs(metric.percent) / kUsPerMs;
    case Quantity::kMax:
      return static_cast<double>(stats.latency.max_us()) / kUsPerMs;
    case Quantity::kMin:
      return static_cast<double>(stats.latency.min_us()) / kUsPerMs;
    case Quantity::kMean:
      return stats.latency.MeanUs() / kUsPerMs;
    case Quantity::kRps:
      return Quotient(stats.requests, seconds);
    case Quantity::kOkRps:
      return Quotient(stats.requests - stats.failures, seconds);
    case Quantity::kFailuresPerS:
      return Quotient(stats.failures, seconds);
    case Quantity::kFailureRatio:
      return Quotient(stats.failures, static_cast<double>(stats.requests));
    case Quantity::kRequests:
      return static_cast<double>(stats.requests);
    case Quantity::kFailures:
      return static_cast<double>(stats.failures);
    default:
      return std::nullopt;
  }
}

std::vector<ThresholdFinding> JudgeThresholds(const std::vector<Objective>& limits,
                                              const Comparison& comparison) {
  std::vector<ThresholdFinding> findings;
  for (const Objective& limit : limits) {
    for (const ConfigurationNumbers& configuration : comparison.configurations) {
      const ConfigurationNumbers& first = comparison.configurations.front();
      if (limit.of == Objective::Of::kValue || &configuration != &first) {
        findings.push_back(Judge(limit, configuration, first));
      }
    }
  }
  return findings;
}

bool AnyHolds(const std::vector<ThresholdFinding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const ThresholdFinding& finding) {
    return finding.holds || !finding.value;
  });
}

Status CheckLimits(const std::vector<Objective>& limits,
                   const std::vector<EndpointStats>& endpoints) {
  for (const Objective& limit : limits) {
    const auto covers = [&](const EndpointStats& endpoint) {
      return limit.metric.Covers(endpoint.method, endpoint.name, endpoint.writes);
    };
    if (std::any_of(endpoints.begin(), endpoints.end(), covers)) {
      continue;
    }
    std::vector<std::string> names;
    for (const EndpointStats& endpoint : endpoints) {
      names.push_back(fmt::format("{} {}", endpoint.method, endpoint.name));
    }
    return Error{fmt::format("--fail-if '{}': there is no '{}' in this load; there are {}",
                             limit.text, limit.metric.of, fmt::join(names, ", "))};
  }
  return {};
}

std::string MeasuredText(const Objective& limit, double value) {
  if (limit.of == Objective::Of::kRatioToFirst) {
    return fmt::format("{:.3g} times the first", value);
  }
  switch (limit.metric.quantity) {
    case Quantity::kRps:
    case Quantity::kOkRps:
    case Quantity::kFailuresPerS:
      return fmt::format("{:.5g} per second", value);
    case Quantity::kFailureRatio:
    case Quantity::kLateSends:
      return fmt::format("{:.3g} %", value * 100);
    case Quantity::kRequests:
    case Quantity::kFailures:
      return fmt::format("{:.0f}", value);
    default:
      return fmt::format("{:.4g} ms", value);
  }
}

}  // namespace sqlicorn::loadgen
