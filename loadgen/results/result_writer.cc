// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/compare/provenance_json.h"
#include "loadgen/results/audit_json.h"
#include "loadgen/results/result_file.h"
#include "loadgen/results/stats_json.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;

Json CountsJson(const ValueCounts& counts) {
  Json flat = Json::array();
  for (const auto& [value, count] : counts) {
    flat.push_back(value);
    flat.push_back(count);
  }
  return flat;
}

Json TurnsJson(const std::optional<WriteTurns>& turns) {
  return turns ? Json{{"wait_us", CountsJson(turns->wait_us)},
                      {"hold_us", CountsJson(turns->hold_us)},
                      {"batch", CountsJson(turns->batch)}}
               : Json();
}

Json OrNull(const std::optional<std::uint64_t>& count) {
  return count ? Json(*count) : Json();
}

Json CostsJson(const std::optional<ServerCosts>& costs) {
  if (!costs) {
    return {};
  }
  return {{"cpu_s", costs->cpu_s},
          {"minor_faults", costs->minor_faults},
          {"major_faults", costs->major_faults},
          {"switches", OrNull(costs->switches)},
          {"written_bytes", OrNull(costs->written_bytes)},
          {"write_calls", OrNull(costs->write_calls)},
          {"flushes", OrNull(costs->flushes)}};
}

Json AnswersJson(const std::vector<Answer>& answers) {
  Json list = Json::array();
  for (const Answer& answer : answers) {
    list.push_back({{"name", answer.name},
                    {"status", answer.status},
                    {"bytes", answer.bytes},
                    {"hash", answer.hash},
                    {"deterministic", answer.deterministic}});
  }
  return list;
}

Json RunJson(const MeasuredRun& run, const std::vector<Answer>& answers) {
  return {{"round", run.step.round},         {"configuration", run.step.configuration},
          {"complaint", run.complaint},      {"pragmas", run.pragmas},
          {"audit", AuditJson(run.audit)},   {"turns", TurnsJson(run.turns)},
          {"costs", CostsJson(run.costs)},   {"database_bytes", run.database_bytes},
          {"wal_bytes", run.wal_bytes},      {"killed", run.killed},
          {"answers", AnswersJson(answers)}, {"result", ToJson(run.result)}};
}

Json SettingsJson(const std::vector<PlanSetting>& settings) {
  Json list = Json::array();
  for (const PlanSetting& setting : settings) {
    list.push_back({setting.key, setting.text});
  }
  return list;
}

Json ConfigurationsJson(const std::vector<PlanConfiguration>& configurations) {
  Json list = Json::array();
  for (const PlanConfiguration& configuration : configurations) {
    list.push_back({{"name", configuration.name},
                    {"control", configuration.control},
                    {"own", SettingsJson(configuration.own)},
                    {"settings", SettingsJson(configuration.settings)}});
  }
  return list;
}

std::string Dump(const Json& json) {
  return TextOf(json);
}

}  // namespace

void ResultWriter::Add(const MeasuredRun& run) {
  runs_ += runs_.empty() ? "" : ",\n";
  // Those of the first run of a configuration are what it is compared by.
  const bool first = answered_.insert(run.step.configuration).second;
  runs_ += Dump(RunJson(run, first ? run.answers : std::vector<Answer>()));
  ++measured_;
}

void ResultWriter::Add(const FailedRun& run) {
  failed_ += failed_.empty() ? "" : ",\n";
  failed_ += Dump({{"round", run.step.round},
                   {"configuration", run.step.configuration},
                   {"after", measured_},
                   {"why", run.why},
                   {"began", run.began},
                   {"answered", run.answered},
                   {"audit", AuditJson(run.audit)}});
}

std::string ResultWriter::Text(const ResultHead& head) const {
  return fmt::format(
      "{{\"format\": \"sqlicorn-loadgen results\", \"version\": {},\n\"kind\": \"{}\",\n"
      "\"provenance\": {},\n\"configurations\": {},\n\"runs\": [\n{}\n],\n"
      "\"failed\": [{}]}}\n",
      kResultVersion, head.kind == ResultKind::kRun ? "run" : "comparison",
      Dump(ProvenanceJson(head.provenance)), Dump(ConfigurationsJson(head.configurations)), runs_,
      failed_);
}

}  // namespace sqlicorn::loadgen
