// SPDX-License-Identifier: MIT
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "loadgen/report/comparison_tables.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

using Cells = std::vector<std::string>;

std::string ProbabilityText(double p) {
  return p < 0.001 ? "<0.001" : fmt::format("{:.3f}", p);
}

void AppendContrast(const Contrast& contrast, Cells* cells) {
  const bool compared = contrast.rounds > 0;
  const bool proves = compared && contrast.finding != Finding::kTooFewRounds;
  cells->push_back(compared ? fmt::format("{:.3f}", contrast.ratio) : "-");
  cells->push_back(proves ? fmt::format("{:.3f}", contrast.low) : "-");
  cells->push_back(proves ? fmt::format("{:.3f}", contrast.high) : "-");
  cells->push_back(proves ? ProbabilityText(contrast.p) : "-");
  cells->emplace_back(FindingText(contrast.finding));
}

// "0.997 (0.917 to 1.093)"
std::string IntervalText(const Contrast& contrast) {
  return contrast.finding == Finding::kTooFewRounds
             ? fmt::format("{:.3f} (an interval wants more rounds)", contrast.ratio)
             : fmt::format("{:.3f} ({:.3f} to {:.3f})", contrast.ratio, contrast.low,
                           contrast.high);
}

Cells ContrastRow(const ConfigurationNumbers& configuration) {
  Cells cells = {configuration.name};
  AppendContrast(configuration.ok_rate, &cells);
  AppendContrast(configuration.cpu, &cells);
  return cells;
}

std::string CostText(const std::optional<double>& cost) {
  if (!cost) {
    return "-";
  }
  return *cost >= 100 ? fmt::format("{:.0f}", *cost) : fmt::format("{:.2f}", *cost);
}

std::string SizeText(std::optional<std::uint64_t> bytes) {
  constexpr double kMib = 1024.0 * 1024.0;
  return bytes ? fmt::format("{:.2f}", static_cast<double>(*bytes) / kMib) : "-";
}

Cells CostRow(const ConfigurationNumbers& configuration) {
  const CostNumbers& costs = configuration.measured.costs;
  return {
      configuration.name,           CostText(costs.cpu_us),       CostText(costs.switches),
      CostText(costs.minor_faults), CostText(costs.major_faults), CostText(costs.written_bytes),
      CostText(costs.write_calls),  CostText(costs.flushes),      SizeText(costs.database_bytes),
      SizeText(costs.wal_bytes)};
}

}  // namespace

ReportTable ContrastTable(const Comparison& comparison) {
  ReportTable table;
  if (comparison.configurations.size() < 2 && !comparison.control) {
    return table;
  }
  table.title = "Against " + comparison.configurations.front().name;
  table.columns = {{"", "configuration", Align::kLeft}};
  for (const char* group : {"ok/s", "CPU per request"}) {
    for (const char* name : {"ratio", "from", "to", "p"}) {
      table.columns.push_back({group, name, Align::kRight});
    }
    table.columns.push_back({group, "verdict", Align::kLeft});
  }
  for (std::size_t i = 1; i < comparison.configurations.size(); ++i) {
    table.rows.push_back(ContrastRow(comparison.configurations[i]));
  }
  if (comparison.control) {
    table.rows.push_back(ContrastRow(*comparison.control));
  }
  return table;
}

ReportTable CostsTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "What each successful request cost the server";
  table.columns = {{"", "configuration", Align::kLeft},
                   {"", "CPU, us", Align::kRight},
                   {"", "switches", Align::kRight},
                   {"page faults", "minor", Align::kRight},
                   {"page faults", "major", Align::kRight},
                   {"written", "bytes", Align::kRight},
                   {"written", "calls", Align::kRight},
                   {"disk", "flushes", Align::kRight},
                   {"afterwards, MiB", "database", Align::kRight},
                   {"afterwards, MiB", "WAL", Align::kRight}};
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    table.rows.push_back(CostRow(configuration));
  }
  return table;
}

ReportTable OpenLoopTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Sent at the rate";
  table.columns = {{"", "configuration", Align::kLeft},
                   {"requests", "due", Align::kRight},
                   {"requests", "never sent", Align::kRight},
                   {"late by 1 ms", "generator", Align::kRight},
                   {"late by 1 ms", "no user free", Align::kRight},
                   {"sent late, ms", "p99", Align::kRight},
                   {"from the sending, ms", "p50", Align::kRight},
                   {"from the sending, ms", "p99", Align::kRight}};
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const auto& open = configuration.measured.open_loop;
    if (open) {
      table.rows.push_back({configuration.name, CountText(open->due), CountText(open->never_sent),
                            CountText(open->late), CountText(open->waited),
                            MsText(open->lateness_p99_ms), MsText(open->service_p50_ms),
                            MsText(open->service_p99_ms)});
    }
  }
  return table;
}

ReportTable StallsTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Stalls, and what was read late";
  table.columns = {{"", "configuration", Align::kLeft},
                   {"silence", "longest, ms", Align::kRight},
                   {"ended after the time", "requests", Align::kRight},
                   {"ended after the time", "longest, ms", Align::kRight},
                   {"given up", "requests", Align::kRight},
                   {"lay unread, ms", "p50", Align::kRight},
                   {"lay unread, ms", "p99", Align::kRight}};
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const Measurement& measured = configuration.measured;
    table.rows.push_back(
        {configuration.name, MsText(measured.longest_gap_ms), CountText(measured.late),
         measured.late > 0 ? MsText(measured.longest_late_ms) : "-", CountText(measured.unanswered),
         MsText(measured.lag_p50_ms), MsText(measured.lag_p99_ms)});
  }
  return table;
}

ReportTable OutcomesTable(const Comparison& comparison) {
  constexpr std::size_t kP50 = 0;  // in kReportPercents
  constexpr std::size_t kP99 = 7;
  ReportTable table;
  table.title = "Successes and failures timed apart";
  table.columns = {{"", "configuration", Align::kLeft}};
  for (const char* group : {"successes, ms", "failures, ms"}) {
    for (const char* name : {"p50", "p99", "max"}) {
      table.columns.push_back({group, name, Align::kRight});
    }
  }
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const Numbers& all = configuration.measured.all;
    if (all.failures == 0) {
      continue;
    }
    Cells cells = {configuration.name};
    for (const LatencySummary* latency : {&all.ok_latency, &all.failed_latency}) {
      const bool none = latency == &all.ok_latency && all.failures == all.requests;
      for (const double ms :
           {latency->percentiles_ms[kP50], latency->percentiles_ms[kP99], latency->max_ms}) {
        cells.push_back(none ? "-" : MsText(ms));
      }
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

ReportTable DurabilityTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "What may be lost of acknowledged writes";
  table.columns = {{"", "configuration", Align::kLeft},
                   {"", "when a process is killed", Align::kLeft},
                   {"", "when the power is cut", Align::kLeft},
                   {"", "durable", Align::kLeft}};
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const Durability& durability = configuration.durability;
    const bool known = durability.crash != "unknown";
    table.rows.push_back({configuration.name, durability.crash, durability.power_cut,
                          known ? (durability.durable ? "yes" : "no") : "unknown"});
  }
  return table;
}

std::string NoiseText(const Comparison& comparison) {
  if (!comparison.control || comparison.control->ok_rate.rounds == 0) {
    return "";
  }
  const std::string& name = comparison.configurations.empty()
                                ? comparison.control->name
                                : comparison.configurations.front().name;
  const Contrast& cpu = comparison.control->cpu;
  return fmt::format(
      "noise floor: {} was measured twice and came out as {} times itself in ok/s{}; what differs "
      "by less is not called a difference.",
      name, IntervalText(comparison.control->ok_rate),
      cpu.rounds == 0 ? ""
                      : fmt::format(", and as {} times in CPU per request", IntervalText(cpu)));
}

std::string RatioCell(const ConfigurationNumbers& configuration) {
  switch (configuration.ok_rate.finding) {
    case Finding::kAlike:
      return "~";
    case Finding::kTooFewRounds:
      return RatioText(configuration.ratio.value) + "?";
    default:
      return RatioText(configuration.ratio.value);
  }
}

}  // namespace sqlicorn::loadgen
