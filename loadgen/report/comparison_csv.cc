// SPDX-License-Identifier: MIT
#include "loadgen/report/comparison_csv.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sqlicorn::loadgen {
namespace {

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted.append(c == '"' ? 2 : 1, c);
  }
  return quoted + "\"";
}

std::string Header() {
  std::vector<std::string> percents;
  for (const double percent : kReportPercents) {
    percents.push_back(fmt::format("p{}_ms", percent));
  }
  return fmt::format(
      "configuration,round,scope,method,name,requests,failures,locked,other,failure_ratio,rps,"
      "failures_per_s,avg_ms,min_ms,max_ms,{},acknowledged,rows,lost,duplicates,unexplained\n",
      fmt::join(percents, ","));
}

std::string AuditCells(const Audit& audit) {
  return audit.method == AuditMethod::kNone
             ? ",,,,"
             : fmt::format("{},{},{},{},{}", audit.acknowledged, audit.rows, audit.lost,
                           audit.duplicates, audit.unexplained);
}

// `head`: the cells of configuration, round and scope; `tail`: those of the audit.
std::string Line(const std::string& head, const Numbers& numbers, const std::string& tail) {
  const LatencySummary& latency = numbers.latency;
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", head, numbers.method,
                     Quoted(numbers.name), numbers.requests, numbers.failures, numbers.locked,
                     numbers.other, numbers.failure_ratio, numbers.rps, numbers.failures_per_s,
                     latency.avg_ms, latency.min_ms, latency.max_ms,
                     fmt::join(latency.percentiles_ms, ","), tail);
}

std::string Lines(const std::string& head, const Measurement& measured) {
  const std::string none = AuditCells(Audit());
  std::string text = Line(head + ",all", measured.all, AuditCells(measured.audit));
  text += Line(head + ",reads", measured.reads, none);
  text += Line(head + ",writes", measured.writes, none);
  for (const Numbers& endpoint : measured.endpoints) {
    text += Line(head + ",endpoint", endpoint, none);
  }
  return text;
}

}  // namespace

std::string ComparisonCsv(const Comparison& comparison) {
  std::string text = Header();
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    text += Lines(configuration.name + ",", configuration.measured);
    for (const RoundNumbers& round : configuration.rounds) {
      text += Lines(fmt::format("{},{}", configuration.name, round.round), round.measured);
    }
  }
  return text;
}

}  // namespace sqlicorn::loadgen
