// SPDX-License-Identifier: MIT
#include "loadgen/report/live_json.h"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/report/live_text.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostErrors = 10;

double Ms(double us) {
  return us / 1000;
}

Json EndpointsJson(const RunStats& stats) {
  Json list = Json::array();
  for (const EndpointStats& endpoint : stats.endpoints()) {
    list.push_back({{"method", endpoint.method},
                    {"name", endpoint.name},
                    {"requests", endpoint.requests},
                    {"failures", endpoint.failures},
                    {"rps", stats.PerSecond(endpoint.requests)},
                    {"p50_ms", Ms(endpoint.latency.PercentileUs(50))},
                    {"p99_ms", Ms(endpoint.latency.PercentileUs(99))},
                    {"max_ms", Ms(static_cast<double>(endpoint.latency.max_us()))}});
  }
  return list;
}

Json ErrorsJson(const RunStats& stats) {
  std::vector<ErrorStats> errors = stats.errors();
  std::stable_sort(errors.begin(), errors.end(), [](const ErrorStats& a, const ErrorStats& b) {
    return a.occurrences > b.occurrences;
  });
  errors.resize(std::min(errors.size(), kMostErrors));
  Json list = Json::array();
  for (const ErrorStats& error : errors) {
    const EndpointStats& endpoint = stats.endpoints()[error.endpoint];
    list.push_back({{"method", endpoint.method},
                    {"name", endpoint.name},
                    {"error", error.error},
                    {"occurrences", error.occurrences}});
  }
  return list;
}

}  // namespace

std::string LiveJson(LiveState state, const Progress& progress, const RunStats& stats) {
  const LiveSeries series = LiveSeriesOf(stats.seconds());
  const Json json = {{"state", state == LiveState::kRunning ? "running" : "ended"},
                     {"elapsed_s", std::max(0.0, progress.elapsed_s)},
                     {"run_time_s", progress.run_time_s ? Json(*progress.run_time_s) : Json()},
                     {"users", progress.users},
                     {"requests", progress.requests},
                     {"failures", progress.failures},
                     {"rps", progress.requests_per_s},
                     {"p50_ms", progress.p50_ms},
                     {"p99_ms", progress.p99_ms},
                     {"longest_gap_ms", stats.LongestGapSeconds() * 1000},
                     {"span_s", stats.seconds().span_ms() / 1000.0},
                     {"ok_rps", series.ok_rates},
                     {"failed_rps", series.failed_rates},
                     {"p99s_ms", series.p99_ms},
                     {"endpoints", EndpointsJson(stats)},
                     {"errors", ErrorsJson(stats)}};
  return TextOf(json);
}

}  // namespace sqlicorn::loadgen
