// SPDX-License-Identifier: MIT
#include <optional>

#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/compare/provenance_json.h"
#include "loadgen/report/comparison_report.h"
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

// The members of an endpoint are those of `run --json-file`, and locked and other beside them.
Json NumbersJson(const Numbers& numbers) {
  Json json = {{"requests", numbers.requests},
               {"failures", numbers.failures},
               {"locked", numbers.locked},
               {"other", numbers.other},
               {"failure_ratio", numbers.failure_ratio},
               {"rps", numbers.rps},
               {"ok_rps", numbers.ok_rps},
               {"failures_per_s", numbers.failures_per_s},
               {"avg_ms", numbers.latency.avg_ms},
               {"min_ms", numbers.latency.min_ms},
               {"max_ms", numbers.latency.max_ms},
               {"median_ms", numbers.latency.median_ms}};
  AddPercentiles(numbers.latency, &json);
  json["ok"] = OutcomeJson(numbers.ok_latency);
  json["failed"] = OutcomeJson(numbers.failed_latency);
  return json;
}

Json EndpointsJson(const Measurement& measured) {
  Json endpoints = Json::array();
  for (const Numbers& numbers : measured.endpoints) {
    Json endpoint = {
        {"method", numbers.method}, {"name", numbers.name}, {"writes", numbers.writes}};
    endpoint.update(NumbersJson(numbers));
    endpoints.push_back(std::move(endpoint));
  }
  return endpoints;
}

Json AuditJson(const Audit& audit) {
  if (audit.method == AuditMethod::kNone) {
    return audit.why_not.empty() ? Json() : Json{{"method", nullptr}, {"why_not", audit.why_not}};
  }
  return {{"method", MethodText(audit.method)},
          {"acknowledged", audit.acknowledged},
          {"rows", audit.rows},
          {"lost", audit.lost},
          {"duplicates", audit.duplicates},
          {"altered", audit.altered},
          {"unexplained", audit.unexplained},
          {"unacknowledged", audit.unacknowledged},
          {"ok", audit.clean()},
          {"examples", audit.examples}};
}

Json MedianOf(const std::optional<TurnNumbers::Middle>& middle) {
  return middle ? Json(middle->p50) : Json();
}

Json P99Of(const std::optional<TurnNumbers::Middle>& middle) {
  return middle ? Json(middle->p99) : Json();
}

// null members where the server told nothing. The names are those of `sqlicornctl show stats`.
Json TurnsJson(const TurnNumbers& turns) {
  return {{"turns", turns.turns},
          {"batch_p50", MedianOf(turns.batch)},
          {"batch_p99", P99Of(turns.batch)},
          {"wait_p50_ms", MedianOf(turns.wait_ms)},
          {"wait_p99_ms", P99Of(turns.wait_ms)},
          {"hold_p50_ms", MedianOf(turns.hold_ms)},
          {"hold_p99_ms", P99Of(turns.hold_ms)}};
}

// null in a closed loop.
Json OpenLoopJson(const std::optional<OpenLoopNumbers>& open) {
  if (!open) {
    return {};
  }
  return {{"due", open->due},
          {"never_sent", open->never_sent},
          {"late", open->late},
          {"waited", open->waited},
          {"lateness_p99_ms", open->lateness_p99_ms},
          {"service_p50_ms", open->service_p50_ms},
          {"service_p99_ms", open->service_p99_ms}};
}

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

// By successful request; null where the kernel does not tell.
Json CostsJson(const CostNumbers& costs) {
  return {{"cpu_us", OrNull(costs.cpu_us)},
          {"switches", OrNull(costs.switches)},
          {"minor_faults", OrNull(costs.minor_faults)},
          {"major_faults", OrNull(costs.major_faults)},
          {"written_bytes", OrNull(costs.written_bytes)},
          {"write_calls", OrNull(costs.write_calls)},
          {"disk_flushes", OrNull(costs.flushes)},
          {"database_bytes", OrNull(costs.database_bytes)},
          {"wal_bytes", OrNull(costs.wal_bytes)}};
}

Json ContrastJson(const Contrast& contrast) {
  if (contrast.finding == Finding::kNotCompared) {
    return {};
  }
  Json json = {{"finding", FindingText(contrast.finding)},
               {"rounds", contrast.rounds},
               {"ratio", contrast.ratio},
               {"low", nullptr},
               {"high", nullptr},
               {"p", nullptr}};
  if (contrast.finding != Finding::kTooFewRounds) {
    json["low"] = contrast.low;
    json["high"] = contrast.high;
    json["p"] = contrast.p;
  }
  return json;
}

void AddMeasurement(const Measurement& measured, Json* json) {
  (*json)["seconds"] = measured.seconds;
  json->update(NumbersJson(measured.all));
  (*json)["reads"] = NumbersJson(measured.reads);
  (*json)["writes"] = NumbersJson(measured.writes);
  (*json)["audit"] = AuditJson(measured.audit);
  (*json)["write_turns"] = TurnsJson(measured.turns);
  (*json)["costs"] = CostsJson(measured.costs);
  (*json)["open_loop"] = OpenLoopJson(measured.open_loop);
  (*json)["late"] = measured.late;
  (*json)["longest_late_ms"] = measured.longest_late_ms;
  (*json)["longest_gap_ms"] = measured.longest_gap_ms;
  (*json)["lag_p50_ms"] = measured.lag_p50_ms;
  (*json)["lag_p99_ms"] = measured.lag_p99_ms;
  (*json)["invalid_runs"] = measured.invalid_runs;
  (*json)["invalid"] = measured.invalid;
  (*json)["unanswered"] = measured.unanswered;
  (*json)["generator_cpu"] = measured.generator_cpu;
  (*json)["endpoints"] = EndpointsJson(measured);
}

Json SettingsJson(const std::vector<PlanSetting>& settings) {
  Json object = Json::object();
  for (const PlanSetting& setting : settings) {
    object[setting.key] = setting.text;
  }
  return object;
}

Json PragmasJson(const Pragmas& pragmas) {
  Json object = Json::object();
  for (const auto& [name, value] : pragmas) {
    object[name] = value;
  }
  return object;
}

Json ConfigurationJson(const ConfigurationNumbers& configuration) {
  Json json = {{"name", configuration.name},
               {"ratio", configuration.ratio.value},
               {"ratio_lowest", configuration.ratio.lowest},
               {"ratio_highest", configuration.ratio.highest}};
  json["against_first"] = {{"ok_rate", ContrastJson(configuration.ok_rate)},
                           {"cpu_per_request", ContrastJson(configuration.cpu)}};
  AddMeasurement(configuration.measured, &json);
  json["durability"] = {{"crash_may_cost", configuration.durability.crash},
                        {"power_cut_may_cost", configuration.durability.power_cut},
                        {"durable", configuration.durability.durable}};
  json["command"] = configuration.command;
  json["different_answers"] = configuration.different_answers;
  json["killed_workers"] = configuration.measured.killed;
  json["pragmas"] = PragmasJson(configuration.pragmas);
  json["set"] = SettingsJson(configuration.own);
  json["settings"] = SettingsJson(configuration.settings);
  json["errors"] = Json::array();
  for (const ErrorCount& error : configuration.errors) {
    json["errors"].push_back({{"method", error.method},
                              {"name", error.name},
                              {"error", error.error},
                              {"cause", error.cause},
                              {"occurrences", error.occurrences}});
  }
  json["rounds"] = Json::array();
  for (const RoundNumbers& round : configuration.rounds) {
    Json one = {{"round", round.round}, {"position", round.position}, {"run_id", round.run_id}};
    AddMeasurement(round.measured, &one);
    json["rounds"].push_back(std::move(one));
  }
  return json;
}

Json FailedRunsJson(const std::vector<FailedRunNote>& failed) {
  Json list = Json::array();
  for (const FailedRunNote& run : failed) {
    list.push_back({{"configuration", run.configuration},
                    {"round", run.round},
                    {"under_load", run.under_load},
                    {"why", run.why},
                    {"answered", run.answered}});
  }
  return list;
}

// Of --fail-if; null where it was not measured, which does not pass either.
Json ThresholdsJson(const std::vector<ThresholdFinding>& findings) {
  Json list = Json::array();
  for (const ThresholdFinding& finding : findings) {
    list.push_back({{"configuration", finding.configuration},
                    {"fail_if", finding.limit},
                    {"value", OrNull(finding.value)},
                    {"measured", finding.value_text},
                    {"failed", finding.holds || !finding.value}});
  }
  return list;
}

}  // namespace

std::string ComparisonJson(const Comparison& comparison, JsonForm form) {
  Json json = {{"provenance", ProvenanceJson(comparison.provenance)},
               {"configs", Json::array()},
               {"control", Json()},
               {"noise", {{"ok_rate", Json()}, {"cpu_per_request", Json()}}},
               {"not_measured", comparison.not_measured},
               {"failed_runs", FailedRunsJson(comparison.failed)},
               {"warnings", comparison.warnings},
               {"invalid", InvalidReasons(comparison)},
               {"audit_failures", comparison.audit_failures},
               {"thresholds", ThresholdsJson(comparison.thresholds)}};
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    json["configs"].push_back(ConfigurationJson(configuration));
  }
  if (comparison.control) {
    json["control"] = ConfigurationJson(*comparison.control);
    json["noise"] = {{"ok_rate", comparison.ok_rate_noise},
                     {"cpu_per_request", comparison.cpu_noise}};
  }
  const int indent = form == JsonForm::kIndented ? 2 : -1;
  return TextOf(json, indent) + "\n";
}

}  // namespace sqlicorn::loadgen
