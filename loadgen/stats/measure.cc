// SPDX-License-Identifier: MIT
#include "loadgen/stats/measure.h"

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr double kUsPerMs = 1000;

EndpointStats CoveredBy(const Metric& metric, const std::vector<EndpointStats>& endpoints) {
  EndpointStats sum;
  for (const EndpointStats& endpoint : endpoints) {
    if (metric.Covers(endpoint.method, endpoint.name, endpoint.writes)) {
      sum.Merge(endpoint);
    }
  }
  return sum;
}

std::optional<double> Quotient(std::uint64_t count, double by) {
  return by > 0 ? std::make_optional(static_cast<double>(count) / by) : std::nullopt;
}

// REQUIRES: some requests.
std::optional<double> ValueIn(const Metric& metric, const EndpointStats& stats, double seconds) {
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

}  // namespace

std::optional<double> ValueOf(const Metric& metric, const std::vector<EndpointStats>& endpoints,
                              const MeasuredBeside& beside) {
  switch (metric.quantity) {
    case Quantity::kLongestGap:
      return beside.longest_gap_ms;
    case Quantity::kLateSends:
      return beside.late_sends;
    case Quantity::kLagP99:
      return beside.lag_p99_ms;
    case Quantity::kCpu:
      return beside.cpu_ms;
    default:
      break;
  }
  const EndpointStats stats = CoveredBy(metric, endpoints);
  return stats.requests > 0 ? ValueIn(metric, stats, beside.seconds) : std::nullopt;
}

std::optional<double> ValueOf(const Metric& metric, const RunResult& result) {
  MeasuredBeside beside;
  beside.seconds = result.duration_s;
  beside.longest_gap_ms = result.stats.LongestGapSeconds() * 1000;
  if (const auto& open = result.open_loop; open && open->sends > 0) {
    beside.late_sends =
        static_cast<double>(open->late + open->waited) / static_cast<double>(open->sends);
  }
  if (result.lag.count() > 0) {
    beside.lag_p99_ms = result.lag.PercentileUs(99) / kUsPerMs;
  }
  return ValueOf(metric, result.stats.endpoints(), beside);
}

double RequestsNeeded(const Metric& metric) {
  constexpr double kBeyond = 10;  // that Carries asks for
  return metric.quantity == Quantity::kPercentile && metric.percent < 100
             ? kBeyond / (1 - metric.percent / 100)
             : 1;
}

std::string ReplayText(const Replayed& replay) {
  return fmt::format("{} of {} requests of the log, at {:g} times its speed", replay.sent,
                     replay.requests, replay.speed);
}

std::vector<std::string> JudgeRun(const RunResult& result) {
  std::vector<std::string> reasons = Judge(result.facts);
  const std::uint64_t requests = result.stats.requests();
  if (requests > 0 && result.stats.failures() == requests) {
    reasons.push_back(
        fmt::format("not one of {} requests succeeded, so nothing was measured", requests));
  }
  return reasons;
}

std::string MetricText(const Metric& metric, std::optional<double> value) {
  if (!value) {
    return "-";
  }
  switch (metric.quantity) {
    case Quantity::kRps:
    case Quantity::kOkRps:
    case Quantity::kFailuresPerS:
      return fmt::format("{:.5g} per second", *value);
    case Quantity::kFailureRatio:
    case Quantity::kLateSends:
      return fmt::format("{:.3g} %", *value * 100);
    case Quantity::kRequests:
    case Quantity::kFailures:
      return fmt::format("{:.0f}", *value);
    default:
      return fmt::format("{:.4g} ms", *value);
  }
}

}  // namespace sqlicorn::loadgen
