// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/report/comparison_tables.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {

ReportTable VerdictTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Whether the numbers can be believed";
  table.columns = {{"", "configuration", Align::kLeft},
                   {"", "verdict", Align::kLeft},
                   {"runs", "all", Align::kRight},
                   {"runs", "invalid", Align::kRight},
                   {"", "generator, % of a core", Align::kRight},
                   {"", "first reason", Align::kLeft}};
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const Measurement& measured = configuration.measured;
    const bool nothing = measured.invalid.empty() && NothingSucceeded(configuration);
    table.rows.push_back({configuration.name,
                          WhyNotBelieved(configuration).empty() ? "VALID" : "INVALID",
                          CountText(measured.runs), CountText(measured.invalid_runs),
                          fmt::format("{:.0f}", measured.generator_cpu * 100),
                          nothing ? "not one request succeeded" : measured.invalid});
  }
  return table;
}

ReportTable FailedRunsTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Runs that failed";
  table.columns = {{"", "configuration", Align::kLeft},
                   {"", "round", Align::kRight},
                   {"", "under load", Align::kLeft},
                   {"", "why", Align::kLeft}};
  for (const FailedRunNote& run : comparison.failed) {
    std::string why = run.why + (run.answered.empty() ? "" : "; " + run.answered);
    std::replace(why.begin(), why.end(), '\n', ' ');  // the end of a server's log
    table.rows.push_back({run.configuration, CountText(run.round),
                          run.under_load ? "yes" : "no; given up", std::move(why)});
  }
  return table;
}

ReportTable ThresholdsTable(const Comparison& comparison) {
  ReportTable table;
  table.title = "Thresholds";
  table.columns = {{"", "configuration", Align::kLeft},
                   {"", "fail if", Align::kLeft},
                   {"", "measured", Align::kRight},
                   {"", "result", Align::kLeft}};
  for (const ThresholdFinding& finding : comparison.thresholds) {
    table.rows.push_back({finding.configuration, finding.limit, finding.value_text,
                          finding.holds || !finding.value ? "FAILED" : "passed"});
  }
  return table;
}

}  // namespace sqlicorn::loadgen
