// SPDX-License-Identifier: MIT
#include "loadgen/stats/measure.h"

#include <algorithm>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr double kUsPerMs = 1000;

EndpointStats Sum(const Metric& metric, const RunStats& stats) {
  EndpointStats sum;
  for (const EndpointStats& endpoint : stats.endpoints()) {
    if (metric.Covers(endpoint.method, endpoint.name, endpoint.writes)) {
      sum.Merge(endpoint);
    }
  }
  return sum;
}

double Share(std::uint64_t part, std::uint64_t of) {
  return static_cast<double>(part) / static_cast<double>(std::max<std::uint64_t>(of, 1));
}

// In milliseconds; nothing where no value was recorded.
std::optional<double> TimeOf(const Metric& metric, const Histogram& times) {
  if (times.count() == 0) {
    return std::nullopt;
  }
  switch (metric.quantity) {
    case Quantity::kMax:
      return static_cast<double>(times.max_us()) / kUsPerMs;
    case Quantity::kMin:
      return static_cast<double>(times.min_us()) / kUsPerMs;
    case Quantity::kMean:
      return times.MeanUs() / kUsPerMs;
    case Quantity::kLagP99:
      return times.PercentileUs(99) / kUsPerMs;
    default:
      return times.PercentileUs(metric.percent) / kUsPerMs;
  }
}

}  // namespace

std::optional<double> ValueOf(const Metric& metric, const RunResult& result) {
  const EndpointStats sum = Sum(metric, result.stats);
  switch (metric.quantity) {
    case Quantity::kRps:
      return result.stats.PerSecond(sum.requests);
    case Quantity::kOkRps:
      return result.stats.PerSecond(sum.requests - sum.failures);
    case Quantity::kFailuresPerS:
      return result.stats.PerSecond(sum.failures);
    case Quantity::kFailureRatio:
      return sum.requests == 0 ? std::nullopt : std::optional(Share(sum.failures, sum.requests));
    case Quantity::kRequests:
      return static_cast<double>(sum.requests);
    case Quantity::kFailures:
      return static_cast<double>(sum.failures);
    case Quantity::kLongestGap:
      return result.stats.LongestGapSeconds() * 1000;
    case Quantity::kLateSends:
      return result.open_loop
                 ? std::optional(Share(result.open_loop->late + result.open_loop->waited,
                                       result.open_loop->sends))
                 : std::nullopt;
    case Quantity::kLagP99:
      return TimeOf(metric, result.lag);
    case Quantity::kPercentile:
    case Quantity::kMax:
    case Quantity::kMin:
    case Quantity::kMean:
      break;
  }
  return TimeOf(metric, sum.latency);
}

std::string MetricText(const Metric& metric, std::optional<double> value) {
  if (!value) {
    return "-";
  }
  switch (metric.quantity) {
    case Quantity::kRps:
    case Quantity::kOkRps:
    case Quantity::kFailuresPerS:
      return fmt::format("{:.1f}/s", *value);
    case Quantity::kFailureRatio:
    case Quantity::kLateSends:
      return fmt::format("{:.2f} %", *value * 100);
    case Quantity::kRequests:
    case Quantity::kFailures:
      return fmt::format("{:.0f}", *value);
    default:
      return fmt::format("{:.2f} ms", *value);
  }
}

}  // namespace sqlicorn::loadgen
