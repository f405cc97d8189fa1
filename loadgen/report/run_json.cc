// SPDX-License-Identifier: MIT
#include "loadgen/report/run_json.h"

#include <nlohmann/json.hpp>

#include "loadgen/report/percentile_json.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;

// Of the requests of one outcome.
Json OutcomeJson(const LatencySummary& latency) {
  Json json = {{"avg_ms", latency.avg_ms}, {"max_ms", latency.max_ms}};
  AddPercentiles(latency, &json);
  return json;
}

Json EndpointJson(const RunStats& stats, const EndpointStats& endpoint) {
  const LatencySummary latency = Summarize(endpoint.latency);
  Json json = {{"method", endpoint.method},
               {"name", endpoint.name},
               {"requests", endpoint.requests},
               {"failures", endpoint.failures},
               {"rps", stats.PerSecond(endpoint.requests)},
               {"failures_per_s", stats.PerSecond(endpoint.failures)},
               {"avg_ms", latency.avg_ms},
               {"min_ms", latency.min_ms},
               {"max_ms", latency.max_ms},
               {"median_ms", latency.median_ms}};
  AddPercentiles(latency, &json);
  json["ok"] = OutcomeJson(SummarizeOk(endpoint));
  json["failed"] = OutcomeJson(SummarizeFailed(endpoint));
  return json;
}

Json EndpointsJson(const RunStats& stats) {
  Json endpoints = Json::array();
  for (const EndpointStats& endpoint : stats.endpoints()) {
    if (endpoint.requests > 0) {
      endpoints.push_back(EndpointJson(stats, endpoint));
    }
  }
  return endpoints;
}

Json ErrorsJson(const RunStats& stats) {
  Json errors = Json::array();
  for (const ErrorStats& error : stats.errors()) {
    const EndpointStats& endpoint = stats.endpoints()[error.endpoint];
    errors.push_back({{"method", endpoint.method},
                      {"name", endpoint.name},
                      {"error", error.error},
                      {"cause", error.cause},
                      {"occurrences", error.occurrences}});
  }
  return errors;
}

Json LateJson(const LateAnswers& late) {
  return {{"requests", late.requests},
          {"failures", late.failures},
          {"longest_ms", static_cast<double>(late.longest_us) / 1000}};
}

}  // namespace

std::string RunJson(const RunResult& result) {
  using Fate = AckLedger::Fate;
  const Json json = {{"program", "sqlicorn-loadgen"},
                     {"version", SQLICORN_VERSION},
                     {"scenario", result.scenario},
                     {"host", result.host},
                     {"users", result.users},
                     {"spawn_rate", result.spawn_rate},
                     {"seed", result.seed},
                     {"run_id", result.run_id},
                     {"started_unix_s", static_cast<double>(result.stats.start_unix_us()) / 1e6},
                     {"duration_s", result.stats.ElapsedSeconds()},
                     {"window_s", result.duration_s},
                     {"generator_cpu_s", result.cpu_s},
                     {"interrupted", result.interrupted},
                     {"unanswered", result.unanswered},
                     {"late", LateJson(result.late)},
                     {"longest_gap_ms", result.stats.LongestGapSeconds() * 1000},
                     {"without_service_s", result.without_service_s},
                     {"writes",
                      {{"acknowledged", result.ledger.Count(Fate::kAcknowledged)},
                       {"failed", result.ledger.Count(Fate::kFailed)},
                       {"unanswered", result.ledger.Count(Fate::kUnanswered)}}},
                     {"endpoints", EndpointsJson(result.stats)},
                     {"aggregated", EndpointJson(result.stats, result.stats.Aggregated())},
                     {"errors", ErrorsJson(result.stats)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sqlicorn::loadgen
