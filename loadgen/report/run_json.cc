// SPDX-License-Identifier: MIT
#include "loadgen/report/run_json.h"

#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/report/percentile_json.h"
#include "loadgen/stats/measure.h"

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

Json LagJson(const Histogram& lag) {
  return {{"samples", lag.count()},
          {"p50_ms", lag.PercentileUs(50) / 1000},
          {"p99_ms", lag.PercentileUs(99) / 1000}};
}

Json OpenLoopJson(const std::optional<OpenLoop>& open) {
  if (!open) {
    return nullptr;
  }
  const LatencySummary service = Summarize(open->service);
  Json from_sending = {{"avg_ms", service.avg_ms}, {"max_ms", service.max_ms}};
  AddPercentiles(service, &from_sending);
  return {{"rate", open->rate},
          {"sends", open->sends},
          {"late", open->late},
          {"lateness_p50_ms", open->lateness.PercentileUs(50) / 1000},
          {"lateness_p99_ms", open->lateness.PercentileUs(99) / 1000},
          {"waited_for_a_user", open->waited},
          {"never_sent", open->never_sent},
          {"service_time", std::move(from_sending)}};
}

Json ReplayJson(const std::optional<Replayed>& replay) {
  return replay ? Json{{"speed", replay->speed},
                       {"requests", replay->requests},
                       {"sent", replay->sent}}
                : Json();
}

Json Optional(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

Json VerdictJson(const RunResult& result) {
  const std::vector<std::string> reasons = JudgeRun(result);
  const MeasurementFacts& facts = result.facts;
  return {{"valid", reasons.empty()},
          {"reasons", reasons},
          {"cores", facts.cores},
          {"generator_cpu_s", facts.generator_cpu_s},
          {"standstill_s", facts.standstill_s},
          {"run_queue_wait_s", Optional(facts.run_queue_wait_s)},
          {"other_cpu_s", Optional(facts.other_cpu_s)},
          {"steal_s", Optional(facts.steal_s)},
          {"cpu_pressure_s", Optional(facts.pressure_s)},
          {"load_average", Optional(facts.load_average)}};
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
                     {"run_time_s", Optional(result.run_time_s)},
                     {"unanswered", result.unanswered},
                     {"late", LateJson(result.late)},
                     {"longest_gap_ms", result.stats.LongestGapSeconds() * 1000},
                     {"without_service_s", result.without_service_s},
                     {"lag", LagJson(result.lag)},
                     {"open_loop", OpenLoopJson(result.open_loop)},
                     {"replay", ReplayJson(result.replay)},
                     {"verdict", VerdictJson(result)},
                     {"writes",
                      {{"acknowledged", result.ledger.Count(Fate::kAcknowledged)},
                       {"failed", result.ledger.Count(Fate::kFailed)},
                       {"unanswered", result.ledger.Count(Fate::kUnanswered)}}},
                     {"endpoints", EndpointsJson(result.stats)},
                     {"aggregated", EndpointJson(result.stats, result.stats.Aggregated())},
                     {"errors", ErrorsJson(result.stats)}};
  return TextOf(json, 2) + "\n";
}

std::string FoundMaxJson(const FoundMax& found) {
  Json steps = Json::array();
  for (const MaxStep& step : found.steps) {
    steps.push_back({{"rate", step.rate},
                     {"seconds", step.seconds},
                     {"value", Optional(step.value)},
                     {"verdict", VerdictText(step.verdict)},
                     {"met", step.verdict == StepVerdict::kMet},
                     {"against", step.against}});
  }
  const Json json = {{"program", "sqlicorn-loadgen"},
                     {"version", SQLICORN_VERSION},
                     {"scenario", found.scenario},
                     {"host", found.host},
                     {"objective", found.objective.text},
                     {"met_rate", Optional(found.met)},
                     {"missed_rate", Optional(found.missed)},
                     {"untold_rate", Optional(found.untold)},
                     {"steps", std::move(steps)}};
  return TextOf(json, 2) + "\n";
}

}  // namespace sqlicorn::loadgen
