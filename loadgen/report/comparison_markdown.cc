// SPDX-License-Identifier: MIT
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/comparison_tables.h"

namespace sqlicorn::loadgen {
namespace {

std::string Bullets(const std::string& mark, const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += "- " + mark + MarkdownText(text) + "\n";
  }
  return list.empty() ? "" : list + "\n";
}

// "" where there is nothing to show.
std::string TableOrNothing(const ReportTable& table) {
  return table.rows.empty() ? "" : MarkdownOf(table) + "\n";
}

std::string Endpoints(const Comparison& comparison) {
  std::string text = "## Endpoints\n\n";
  for (const ReportTable& table : EndpointTables(comparison)) {
    text += MarkdownOf(table) + "\n";
  }
  return text;
}

std::string Configurations(const Comparison& comparison) {
  std::string text = "## Configurations\n\n" + MarkdownOf(AuditTable(comparison)) + "\n" +
                     MarkdownOf(SettingsTable(comparison)) + "\n" +
                     MarkdownOf(DurabilityTable(comparison)) + "\n" +
                     TableOrNothing(PragmasTable(comparison));
  if (!comparison.common_pragmas.empty()) {
    text += "Pragmas that are the same in all: " + MarkdownText(CommonPragmas(comparison)) + "\n\n";
  }
  return text;
}

// What only a comparison has a run leaves out.
std::string Measured(const Comparison& comparison) {
  const bool run = IsRun(comparison);
  std::string text = MarkdownOf(Headline(comparison)) + "\n" +
                     Bullets("", ReadingNotes(comparison)) +
                     TableOrNothing(ThresholdsTable(comparison));
  if (!run) {
    text += TableOrNothing(ContrastTable(comparison));
  }
  text += TableOrNothing(OpenLoopTable(comparison));
  if (!run) {
    text += MarkdownOf(VerdictTable(comparison)) + "\n";
  }
  text += MarkdownOf(StallsTable(comparison)) + "\n";
  if (!run) {
    text += MarkdownOf(CostsTable(comparison)) + "\n" + TableOrNothing(RoundsTable(comparison)) +
            TableOrNothing(TurnsTable(comparison));
  }
  text += TableOrNothing(OutcomesTable(comparison)) + Endpoints(comparison);
  return text + (run ? "" : Configurations(comparison)) + TableOrNothing(ErrorsTable(comparison));
}

}  // namespace

std::string ComparisonMarkdown(const Comparison& comparison) {
  std::string text = "# " + MarkdownText(TitleOf(comparison)) + "\n\n";
  const std::vector<std::string> invalid = InvalidReasons(comparison);
  text += Bullets("**AUDIT FAILED:** ", comparison.audit_failures);
  text += Bullets("**INVALID:** ", invalid);
  if (IsRun(comparison) && invalid.empty()) {
    text += "Verdict: VALID\n\n";
  }
  text += Bullets("**Warning:** ", comparison.warnings);
  if (!comparison.not_measured.empty()) {
    text += fmt::format("Not measured: {}\n\n", fmt::join(comparison.not_measured, ", "));
  }
  text += TableOrNothing(FailedRunsTable(comparison));
  text += comparison.configurations.empty() ? "No configuration was measured.\n\n"
                                            : Measured(comparison);
  return text + MarkdownOf(ProvenanceTable(comparison));
}

}  // namespace sqlicorn::loadgen
