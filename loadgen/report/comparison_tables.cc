// SPDX-License-Identifier: MIT
#include "loadgen/report/comparison_tables.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kMaxRoundColumns = 8;

// Positions in kReportPercents.
constexpr std::size_t kP50 = 0;
constexpr std::size_t kP95 = 5;
constexpr std::size_t kP99 = 7;
constexpr std::size_t kP999 = 8;

const ReportTable::Column kConfigurationColumn = {"", "configuration", Align::kLeft};

using Cells = std::vector<std::string>;

// A dash where nothing was measured, so that no 0 is taken for a time.
std::string Time(const Numbers& numbers, double ms) {
  return numbers.requests == 0 ? "-" : MsText(ms);
}

// With a star where the requests are too few for it; see ReadingNotes.
std::string PercentileTime(const Numbers& numbers, std::size_t i) {
  const bool thin = numbers.requests > 0 && !numbers.latency.carried[i];
  return Time(numbers, numbers.latency.percentiles_ms[i]) + (thin ? "*" : "");
}

// The many columns leave no room for a number that says little more than the maximum beside it.
void AppendTimes(const Numbers& numbers, Cells* cells) {
  for (const std::size_t i : {kP50, kP95, kP99, kP999}) {
    const bool thin = numbers.requests > 0 && !numbers.latency.carried[i];
    cells->push_back(thin ? "*" : Time(numbers, numbers.latency.percentiles_ms[i]));
  }
  cells->push_back(Time(numbers, numbers.latency.max_ms));
}

void AppendTimeColumns(const std::string& group, ReportTable* table) {
  for (const char* name : {"p50", "p95", "p99", "p99.9", "max"}) {
    table->columns.push_back({group, name, Align::kRight});
  }
}

std::string SettingsText(const std::vector<PlanSetting>& settings) {
  Cells texts;
  for (const PlanSetting& setting : settings) {
    texts.push_back(setting.key + "=" + setting.text);
  }
  return fmt::format("{}", fmt::join(texts, " "));
}

bool SameEndpoint(const Numbers& one, const Numbers& other) {
  return one.method == other.method && one.name == other.name;
}

// nullptr where the configuration had another load, of another file of results.
const Numbers* FindEndpoint(const ConfigurationNumbers& configuration, const Numbers& wanted) {
  const std::vector<Numbers>& all = configuration.measured.endpoints;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Numbers& endpoint) {
    return SameEndpoint(endpoint, wanted);
  });
  return found == all.end() ? nullptr : &*found;
}

Cells EndpointCells(const Numbers& numbers) {
  return {CountText(numbers.requests),
          RateText(numbers.rps),
          RateText(numbers.ok_rps),
          CountText(numbers.locked),
          CountText(numbers.other),
          PercentText(numbers.failure_ratio),
          PercentileTime(numbers, kP50),
          PercentileTime(numbers, kP99),
          Time(numbers, numbers.latency.max_ms)};
}

ReportTable EndpointTable(const Comparison& comparison, const Numbers& endpoint) {
  ReportTable table;
  table.title = endpoint.method + " " + endpoint.name;
  table.columns = {kConfigurationColumn};
  for (const char* name :
       {"requests", "req/s", "ok/s", "locked", "other", "failed %", "p50 ms", "p99 ms", "max ms"}) {
    table.columns.push_back({"", name, Align::kRight});
  }
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const Numbers* numbers = FindEndpoint(configuration, endpoint);
    Cells cells =
        numbers == nullptr ? Cells(table.columns.size() - 1, "-") : EndpointCells(*numbers);
    cells.insert(cells.begin(), configuration.name);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// Of all configurations, each once.
std::vector<Numbers> EndpointsOf(const Comparison& comparison) {
  std::vector<Numbers> endpoints;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    for (const Numbers& endpoint : configuration.measured.endpoints) {
      const auto same = [&](const Numbers& known) { return SameEndpoint(known, endpoint); };
      if (std::none_of(endpoints.begin(), endpoints.end(), same)) {
        endpoints.push_back(endpoint);
      }
    }
  }
  return endpoints;
}

Cells AuditCells(const ConfigurationNumbers& configuration) {
  const Audit& audit = configuration.measured.audit;
  Cells cells = {configuration.name};
  for (const std::uint64_t count : {audit.acknowledged, audit.rows, audit.lost, audit.duplicates,
                                    audit.altered, audit.unexplained, audit.unacknowledged}) {
    cells.push_back(audit.method == AuditMethod::kNone ? "-" : CountText(count));
  }
  cells.emplace_back(MethodText(audit.method));
  cells.emplace_back(VerdictText(audit));
  return cells;
}

}  // namespace

std::string TitleOf(const Comparison& comparison) {
  return IsRun(comparison) ? "Load test of " + comparison.provenance.server
                           : "Comparison of SQLite configurations";
}

ReportTable Headline(const Comparison& comparison) {
  const bool run = IsRun(comparison);
  ReportTable table;
  table.columns = {kConfigurationColumn, {"", "req/s", Align::kRight}, {"", "ok/s", Align::kRight}};
  if (!run) {
    table.columns.push_back({"", "ratio", Align::kRight});
  }
  table.columns.push_back({"", "failed %", Align::kRight});
  AppendTimeColumns("reads, ms", &table);
  AppendTimeColumns("writes, ms", &table);
  if (!run) {
    table.columns.push_back({"", "audit", Align::kLeft});
  }
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const Measurement& measured = configuration.measured;
    Cells cells = {configuration.name, RateText(measured.all.rps), RateText(measured.all.ok_rps)};
    if (!run) {
      cells.push_back(RatioCell(configuration));
    }
    cells.push_back(PercentText(measured.all.failure_ratio));
    AppendTimes(measured.reads, &cells);
    AppendTimes(measured.writes, &cells);
    if (!run) {
      cells.emplace_back(VerdictText(measured.audit));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

ReportTable RoundsTable(const Comparison& comparison) {
  ReportTable table;
  std::size_t rounds = 0;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    rounds = std::max(rounds, configuration.rounds.size());
  }
  if (rounds < 2) {
    return table;
  }
  const std::size_t shown = rounds > kMaxRoundColumns ? 0 : rounds;
  table.title = "Round by round";
  table.columns = {kConfigurationColumn,
                   {"ratio", "all", Align::kRight},
                   {"ratio", "lowest", Align::kRight},
                   {"ratio", "highest", Align::kRight}};
  for (std::size_t i = 0; i < shown; ++i) {
    table.columns.push_back({"ok/s in the finished rounds", fmt::to_string(i + 1), Align::kRight});
  }
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const Ratio& ratio = configuration.ratio;
    Cells cells = {configuration.name, RatioText(ratio.value), RatioText(ratio.lowest),
                   RatioText(ratio.highest)};
    for (std::size_t i = 0; i < shown; ++i) {
      cells.push_back(i < configuration.rounds.size()
                          ? RateText(configuration.rounds[i].measured.all.ok_rps)
                          : "-");
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::vector<ReportTable> EndpointTables(const Comparison& comparison) {
  std::vector<ReportTable> tables;
  for (const Numbers& endpoint : EndpointsOf(comparison)) {
    tables.push_back(EndpointTable(comparison, endpoint));
  }
  return tables;
}

ReportTable ErrorsTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Failures";
  table.columns = {{"", "configuration", Align::kLeft},
                   {"", "times", Align::kRight},
                   {"", "what", Align::kLeft}};
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    for (const ErrorCount& error : configuration.errors) {
      table.rows.push_back({configuration.name, CountText(error.occurrences),
                            fmt::format("{} {}: {}{}", error.method, error.name, error.error,
                                        error.cause.empty() ? "" : " [" + error.cause + "]")});
    }
  }
  return table;
}

ReportTable SettingsTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "What each configuration changes";
  table.columns = {kConfigurationColumn, {"", "sets", Align::kLeft}};
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    table.rows.push_back({configuration.name, configuration.command.empty()
                                                  ? SettingsText(configuration.own)
                                                  : configuration.command});
  }
  return table;
}

ReportTable AuditTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Audit of the writes";
  table.columns = {kConfigurationColumn};
  for (const char* name :
       {"acknowledged", "rows", "lost", "duplicates", "altered", "unexplained", "unacknowledged"}) {
    table.columns.push_back({"", name, Align::kRight});
  }
  table.columns.push_back({"", "by", Align::kLeft});
  table.columns.push_back({"", "verdict", Align::kLeft});
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    table.rows.push_back(AuditCells(configuration));
  }
  if (comparison.control) {
    table.rows.push_back(AuditCells(*comparison.control));
  }
  return table;
}

ReportTable PragmasTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Pragmas in effect, read back from a connection";
  if (comparison.differing_pragmas.empty()) {
    return table;
  }
  table.columns = {kConfigurationColumn};
  for (const std::string& name : comparison.differing_pragmas) {
    table.columns.push_back({"", name, Align::kLeft});
  }
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    Cells cells = {configuration.name};
    for (const std::string& name : comparison.differing_pragmas) {
      const auto found = std::find_if(configuration.pragmas.begin(), configuration.pragmas.end(),
                                      [&](const auto& pragma) { return pragma.first == name; });
      cells.push_back(found == configuration.pragmas.end() ? "-" : found->second);
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string CommonPragmas(const Comparison& comparison) {
  Cells texts;
  for (const auto& [name, value] : comparison.common_pragmas) {
    texts.push_back(fmt::format("{}={}", name, value));
  }
  return fmt::format("{}", fmt::join(texts, " "));
}

}  // namespace sqlicorn::loadgen
