// SPDX-License-Identifier: MIT
#include "loadgen/report/maxima_report.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/compare/provenance_json.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/comparison_tables.h"
#include "loadgen/report/number_text.h"
#include "loadgen/report/run_json.h"
#include "loadgen/stats/measure.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kWidth = 120;

std::string TableOrNothing(const ReportTable& table, std::string (*write)(const ReportTable&)) {
  return table.rows.empty() ? "" : write(table) + "\n";
}

// What holds of a configuration whatever its rate was.
std::vector<ReportTable> TablesOf(const Maxima& maxima) {
  std::vector<ReportTable> tables = {MaximaTable(maxima.objective, maxima.found),
                                     TriesTable(maxima), FailedRunsTable(maxima.runs)};
  if (!maxima.runs.configurations.empty()) {
    for (ReportTable table : {AuditTable(maxima.runs), DurabilityTable(maxima.runs),
                              SettingsTable(maxima.runs), PragmasTable(maxima.runs)}) {
      tables.push_back(std::move(table));
    }
  }
  tables.push_back(ProvenanceTable(maxima.runs));
  return tables;
}

std::string Cell(const std::optional<double>& number) {
  return number ? fmt::format("{}", *number) : "";
}

std::string CsvLine(const std::vector<std::string>& cells) {
  return fmt::format("{}\n", fmt::join(cells, ","));
}

std::string TryLine(const std::string& name, std::size_t number, const MaxStep& step) {
  return CsvLine({name, fmt::to_string(number), fmt::format("{}", step.rate),
                  fmt::format("{}", step.seconds), Cell(step.value),
                  std::string(VerdictText(step.verdict)), "", "", "", ""});
}

std::string LineOf(const FoundOfOne& one, const FoundOfOne& first) {
  return CsvLine({one.found.host, "", "", "", "", EndText(one.end), Cell(one.found.met),
                  Cell(one.found.missed), Cell(one.found.untold), Cell(RatioOf(one, first))});
}

}  // namespace

ReportTable TriesTable(const Maxima& maxima) {
  ReportTable table;
  table.title = "The rates that were tried";
  table.columns = {{"", "configuration", Align::kLeft}, {"", "a second", Align::kRight},
                   {"", "seconds", Align::kRight},      {"", "measured", Align::kRight},
                   {"", "verdict", Align::kLeft},       {"", "why", Align::kLeft}};
  for (const FoundOfOne& one : maxima.found) {
    for (const MaxStep& step : one.found.steps) {
      table.rows.push_back(
          {one.found.host, RateText(step.rate), fmt::format("{:.3g}", step.seconds),
           MetricText(maxima.objective.metric, step.value), std::string(VerdictText(step.verdict)),
           fmt::format("{}", fmt::join(step.against, "; "))});
    }
  }
  return table;
}

std::vector<std::string> WarningsOf(const Maxima& maxima) {
  std::vector<std::string> warnings;
  if (std::string disk = DiskWarning(maxima.runs.provenance); !disk.empty()) {
    warnings.push_back(std::move(disk));
  }
  for (const FoundOfOne& one : maxima.found) {
    std::vector<FailedRunNote> failed;
    std::copy_if(maxima.runs.failed.begin(), maxima.runs.failed.end(), std::back_inserter(failed),
                 [&](const FailedRunNote& run) { return run.configuration == one.found.host; });
    WarnOfFailedRuns(failed, &warnings);
  }
  for (const ConfigurationNumbers& configuration : maxima.runs.configurations) {
    WarnOfAnswers(configuration, &warnings);
  }
  return warnings;
}

std::vector<std::string> NotesOf(const Maxima& maxima) {
  return {
      fmt::format("Each rate was tried for {:g} s, with a fresh server and database, and again "
                  "where it was missed (twice is missed) or could not be told (three times end "
                  "the search); latencies are from when a request was due.",
                  maxima.try_seconds),
      "What the first differs from itself by, where it is measured twice, no smaller difference "
      "proves."};
}

std::string MaximaTerminal(const Maxima& maxima) {
  std::string text = TextOf(MaximaTable(maxima.objective, maxima.found)) + "\n";
  for (const std::string& note : NotesOf(maxima)) {
    text += Wrapped(note, kWidth, 2);
  }
  if (!maxima.runs.configurations.empty()) {
    text += "\n" + TextOf(AuditTable(maxima.runs)) + "\n" + TextOf(DurabilityTable(maxima.runs));
  }
  for (const std::string& warning : WarningsOf(maxima)) {
    text += Wrapped("\nWarning: " + warning, kWidth, 2);
  }
  return text;
}

std::string MaximaMarkdown(const Maxima& maxima) {
  std::string text =
      fmt::format("# The greatest rate at which {}\n\n", MarkdownText(maxima.objective.text));
  const auto bullets = [&](const std::string& mark, const std::vector<std::string>& texts) {
    for (const std::string& one : texts) {
      text += fmt::format("- {}{}\n", mark, MarkdownText(one));
    }
    text += texts.empty() ? "" : "\n";
  };
  bullets("**AUDIT FAILED:** ", maxima.runs.audit_failures);
  bullets("**INVALID:** ", UntoldTexts(maxima.found));
  bullets("**Warning:** ", WarningsOf(maxima));
  const std::vector<ReportTable> tables = TablesOf(maxima);
  text += TableOrNothing(tables.front(), MarkdownOf);
  bullets("", NotesOf(maxima));
  for (auto table = tables.begin() + 1; table != tables.end(); ++table) {
    text += TableOrNothing(*table, MarkdownOf);
  }
  return text;
}

std::string MaximaCsv(const Maxima& maxima) {
  std::string text =
      "configuration,try,rate,seconds,value,verdict,met_rate,missed_rate,untold_rate,ratio\n";
  for (const FoundOfOne& one : maxima.found) {
    text += LineOf(one, maxima.found.front());
    for (std::size_t i = 0; i < one.found.steps.size(); ++i) {
      text += TryLine(one.found.host, i + 1, one.found.steps[i]);
    }
  }
  return text;
}

std::string MaximaJson(const Maxima& maxima) {
  std::vector<std::string> members;
  for (const FoundOfOne& one : maxima.found) {
    members.push_back(fmt::format("\"{}\": {}", one.found.host, FoundMaxJson(one.found)));
  }
  return fmt::format("{{\"provenance\": {},\n\"find_max\": {{\n{}}}}}\n",
                     sqlicorn::TextOf(ProvenanceJson(maxima.runs.provenance)),
                     fmt::join(members, ",\n"));
}

}  // namespace sqlicorn::loadgen
