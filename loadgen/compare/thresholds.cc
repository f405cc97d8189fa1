// SPDX-License-Identifier: MIT
#include "loadgen/compare/thresholds.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/stats/measure.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kMostNamed = 20;  // of the endpoints there are

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
  const Measurement& measured = configuration.measured;
  MeasuredBeside beside{measured.seconds, measured.longest_gap_ms, {}, {}};
  if (const auto& open = measured.open_loop; open && open->due > open->never_sent) {
    beside.late_sends = static_cast<double>(open->late + open->waited) /
                        static_cast<double>(open->due - open->never_sent);
  }
  if (measured.lag_p99_ms > 0) {  // nothing that was measured takes no time at all
    beside.lag_p99_ms = measured.lag_p99_ms;
  }
  return ValueOf(metric, configuration.distribution.endpoints, beside);
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
                   const std::vector<EndpointStats>& endpoints, std::string_view flag) {
  for (const Objective& limit : limits) {
    const auto covers = [&](const EndpointStats& endpoint) {
      return limit.metric.Covers(endpoint.method, endpoint.name, endpoint.writes);
    };
    if (std::any_of(endpoints.begin(), endpoints.end(), covers)) {
      continue;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(kMostNamed, endpoints.size()); ++i) {
      names.push_back(fmt::format("{} {}", endpoints[i].method, endpoints[i].name));
    }
    if (endpoints.size() > kMostNamed) {
      names.push_back(fmt::format("{} more", endpoints.size() - kMostNamed));
    }
    return Error{fmt::format("{} '{}': there is no '{}' in this load; there are {}", flag,
                             limit.text, limit.metric.of, fmt::join(names, ", "))};
  }
  return {};
}

std::string MeasuredText(const Objective& limit, double value) {
  if (limit.of == Objective::Of::kRatioToFirst) {
    return fmt::format("{:.3g} times the first", value);
  }
  return MetricText(limit.metric, value);
}

}  // namespace sqlicorn::loadgen
