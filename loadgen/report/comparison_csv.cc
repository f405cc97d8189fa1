// SPDX-License-Identifier: MIT
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/report/comparison_report.h"

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
  percents.reserve(std::size(kReportPercents));
  for (const double percent : kReportPercents) {
    percents.push_back(fmt::format("p{}_ms", percent));
  }
  return fmt::format(
      "configuration,round,scope,method,name,requests,failures,locked,other,failure_ratio,rps,"
      "failures_per_s,avg_ms,min_ms,max_ms,{},acknowledged,rows,lost,duplicates,unexplained,turns,"
      "batch_p50,batch_p99,wait_p50_ms,wait_p99_ms,hold_p50_ms,hold_p99_ms,ok_rps,"
      "highest_carried_percentile,cpu_us,"
      "switches,minor_faults,major_faults,written_bytes,write_calls,disk_flushes,database_bytes,"
      "wal_bytes,ok_ratio,ok_ratio_low,ok_ratio_high,ok_p,ok_finding,cpu_ratio,cpu_ratio_low,"
      "cpu_ratio_high,cpu_p,cpu_finding,altered\n",
      fmt::join(percents, ","));
}

std::string AuditCells(const Audit& audit) {
  return audit.method == AuditMethod::kNone
             ? ",,,,"
             : fmt::format("{},{},{},{},{}", audit.acknowledged, audit.rows, audit.lost,
                           audit.duplicates, audit.unexplained);
}

std::string MiddleCells(const std::optional<TurnNumbers::Middle>& middle) {
  return middle ? fmt::format(",{},{}", middle->p50, middle->p99) : ",,";
}

// With the comma before them.
std::string TurnCells(const TurnNumbers& turns) {
  return (turns.turns == 0 ? "," : fmt::format(",{}", turns.turns)) + MiddleCells(turns.batch) +
         MiddleCells(turns.wait_ms) + MiddleCells(turns.hold_ms);
}

// Below the maximum; empty where there is none. Percentiles above it are little more than the
// maximum.
std::string HighestCarried(const LatencySummary& latency) {
  std::string highest;
  for (std::size_t i = 0; i + 1 < kReportPercents.size(); ++i) {
    if (latency.carried[i]) {
      highest = fmt::format("{}", kReportPercents[i]);
    }
  }
  return highest;
}

template <typename T>
std::string Cell(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : "";
}

// With the comma before them, as those of the contrasts.
std::string CostCells(const CostNumbers& costs) {
  return fmt::format(",{},{},{},{},{},{},{},{},{}", Cell(costs.cpu_us), Cell(costs.switches),
                     Cell(costs.minor_faults), Cell(costs.major_faults), Cell(costs.written_bytes),
                     Cell(costs.write_calls), Cell(costs.flushes), Cell(costs.database_bytes),
                     Cell(costs.wal_bytes));
}

std::string ContrastCells(const Contrast& contrast) {
  switch (contrast.finding) {
    case Finding::kNotCompared:
      return ",,,,,";
    case Finding::kTooFewRounds:
      return fmt::format(",{},,,,{}", contrast.ratio, FindingText(contrast.finding));
    default:
      return fmt::format(",{},{},{},{},{}", contrast.ratio, contrast.low, contrast.high, contrast.p,
                         FindingText(contrast.finding));
  }
}

std::string AlteredCell(const Audit& audit) {
  const bool known = audit.method == AuditMethod::kByValue || audit.altered > 0;
  return known ? fmt::format(",{}", audit.altered) : ",";
}

constexpr const char* kNoContrasts = ",,,,,,,,,,";
constexpr const char* kNoEnd = ",,,,,,,,,,,,,,,,,,,,";  // neither costs nor contrasts

// `head`: the cells of configuration, round and scope; `tail`: those of the audit and the turns;
// `end`: those of costs and contrasts.
std::string Line(const std::string& head, const Numbers& numbers, const std::string& tail,
                 const std::string& end) {
  const LatencySummary& latency = numbers.latency;
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}{}\n", head, numbers.method,
                     Quoted(numbers.name), numbers.requests, numbers.failures, numbers.locked,
                     numbers.other, numbers.failure_ratio, numbers.rps, numbers.failures_per_s,
                     latency.avg_ms, latency.min_ms, latency.max_ms,
                     fmt::join(latency.percentiles_ms, ","), tail, numbers.ok_rps,
                     HighestCarried(latency), end);
}

std::string Lines(const std::string& head, const Measurement& measured,
                  const std::string& contrasts) {
  const std::string no_audit = AuditCells(Audit());
  const std::string none = no_audit + TurnCells(TurnNumbers());
  std::string text =
      Line(head + ",all", measured.all, AuditCells(measured.audit) + TurnCells(TurnNumbers()),
           CostCells(measured.costs) + contrasts + AlteredCell(measured.audit));
  text += Line(head + ",reads", measured.reads, none, kNoEnd);
  text += Line(head + ",writes", measured.writes, no_audit + TurnCells(measured.turns), kNoEnd);
  for (const Numbers& endpoint : measured.endpoints) {
    text += Line(head + ",endpoint", endpoint, none, kNoEnd);
  }
  return text;
}

std::string ConfigurationLines(const ConfigurationNumbers& configuration) {
  std::string text = Lines(configuration.name + ",", configuration.measured,
                           ContrastCells(configuration.ok_rate) + ContrastCells(configuration.cpu));
  for (const RoundNumbers& round : configuration.rounds) {
    text +=
        Lines(fmt::format("{},{}", configuration.name, round.round), round.measured, kNoContrasts);
  }
  return text;
}

}  // namespace

std::string ComparisonCsv(const Comparison& comparison) {
  std::string text = Header();
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    text += ConfigurationLines(configuration);
  }
  return comparison.control ? text + ConfigurationLines(*comparison.control) : text;
}

}  // namespace sqlicorn::loadgen
