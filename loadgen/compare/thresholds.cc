// SPDX-License-Identifier: MIT
#include "loadgen/compare/thresholds.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/stats/measure.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kMostNamed = 20;  // of the endpoints there are

std::optional<double> Known(double ratio) {
  return ratio > 0 ? std::make_optional(ratio) : std::nullopt;
}

std::optional<double> RatioOf(const Objective& limit, const ConfigurationNumbers& configuration,
                              const ConfigurationNumbers& first) {
  if (limit.metric.quantity == Quantity::kCpu) {
    return Known(configuration.cpu.ratio);
  }
  if (limit.metric.quantity == Quantity::kOkRps && limit.metric.of.empty()) {
    return Known(configuration.ok_rate.ratio);
  }
  const std::optional<double> value = ValueOf(limit.metric, configuration);
  const std::optional<double> base = ValueOf(limit.metric, first);
  return value && base && *base > 0 ? std::make_optional(*value / *base) : std::nullopt;
}

// "380 requests, and p99 takes 1000"; "" where they are enough.
std::string TooFew(const Metric& metric, const ConfigurationNumbers& configuration) {
  const double count =
      ValueOf(Metric{Quantity::kRequests, 0, metric.of}, configuration).value_or(0);
  if (metric.quantity != Quantity::kPercentile ||
      Carries(static_cast<std::uint64_t>(count), metric.percent)) {
    return "";
  }
  return fmt::format("{:.0f} requests, and p{:g} takes {:.0f}", count, metric.percent,
                     std::ceil(RequestsNeeded(metric) - 1e-6));
}

std::optional<double> MeasuredBy(const Objective& limit, const ConfigurationNumbers& configuration,
                                 const ConfigurationNumbers* first) {
  if (limit.of == Objective::Of::kValue) {
    return ValueOf(limit.metric, configuration);
  }
  return first != nullptr ? RatioOf(limit, configuration, *first) : std::nullopt;
}

// `first`: nullptr where it was not measured.
ThresholdFinding Judge(const Objective& limit, const ConfigurationNumbers& configuration,
                       const ConfigurationNumbers* first) {
  ThresholdFinding finding{limit.text, configuration.name, {}, "not measured", false};
  std::string few = TooFew(limit.metric, configuration);
  if (few.empty() && first != nullptr && limit.of == Objective::Of::kRatioToFirst) {
    few = TooFew(limit.metric, *first);
  }
  if (!few.empty()) {
    finding.value_text += ": " + few;
    return finding;
  }
  finding.value = MeasuredBy(limit, configuration, first);
  if (finding.value) {
    finding.holds = limit.Holds(*finding.value);
    finding.value_text = MeasuredText(limit, *finding.value);
  }
  return finding;
}

// What an interruption left out is not judged: the exit code says it.
std::vector<std::string> FailedWholly(const Comparison& comparison) {
  std::vector<std::string> names;
  for (const std::string& name : comparison.not_measured) {
    const auto is = [&](const FailedRunNote& run) { return run.configuration == name; };
    if (std::any_of(comparison.failed.begin(), comparison.failed.end(), is)) {
      names.push_back(name);
    }
  }
  return names;
}

Error NothingToCompare(const Objective& limit) {
  return Error{fmt::format(
      "--fail-if '{}': one configuration alone has no ratio to the first, so it cannot be judged",
      limit.text)};
}

}  // namespace

std::optional<double> ValueOf(const Metric& metric, const ConfigurationNumbers& configuration) {
  const Measurement& measured = configuration.measured;
  MeasuredBeside beside{measured.seconds, measured.longest_gap_ms, {}, {}, {}};
  if (const auto& cpu_us = measured.costs.cpu_us) {
    beside.cpu_ms = *cpu_us / 1000;
  }
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
  const auto& all = comparison.configurations;
  const bool has_first = !all.empty() && all.front().name == comparison.first;
  const ConfigurationNumbers* first = has_first ? &all.front() : nullptr;
  const std::vector<std::string> failed = FailedWholly(comparison);
  for (const Objective& limit : limits) {
    const bool of_all = limit.of == Objective::Of::kValue;
    for (const ConfigurationNumbers& configuration : all) {
      if (of_all || &configuration != first) {
        findings.push_back(Judge(limit, configuration, first));
      }
    }
    for (const std::string& name : failed) {
      if (of_all || name != comparison.first) {
        findings.push_back({limit.text, name, {}, "not measured: its runs failed", false});
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

Status RefuseRatios(const std::vector<Objective>& limits) {
  for (const Objective& limit : limits) {
    if (limit.of == Objective::Of::kRatioToFirst) {
      return NothingToCompare(limit);
    }
  }
  return {};
}

Status RefuseComparedLimits(const std::vector<Objective>& limits) {
  for (const Objective& limit : limits) {
    if (limit.metric.quantity == Quantity::kCpu && limit.of == Objective::Of::kValue) {
      return Error{fmt::format(
          "--fail-if '{}': only of the servers that `compare` starts the CPU time is known",
          limit.text)};
    }
  }
  return RefuseRatios(limits);
}

Status CheckLimitsOf(const std::vector<Objective>& limits, const Comparison& comparison) {
  const std::size_t all = comparison.configurations.size() + comparison.not_measured.size();
  if (Status can = all > 1 ? Status() : RefuseRatios(limits); !can) {
    return can;
  }
  return comparison.configurations.empty()
             ? Status()
             : CheckLimits(limits, comparison.configurations.front().distribution.endpoints);
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
