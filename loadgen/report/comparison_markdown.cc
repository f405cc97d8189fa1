// SPDX-License-Identifier: MIT
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

std::string Measured(const Comparison& comparison) {
  std::string text = MarkdownOf(Headline(comparison)) + "\n";
  text += Bullets("", ReadingNotes(comparison));
  if (const ReportTable thresholds = ThresholdsTable(comparison); !thresholds.rows.empty()) {
    text += MarkdownOf(thresholds) + "\n";
  }
  if (const ReportTable contrasts = ContrastTable(comparison); !contrasts.rows.empty()) {
    text += MarkdownOf(contrasts) + "\n";
  }
  if (const ReportTable open = OpenLoopTable(comparison); !open.rows.empty()) {
    text += MarkdownOf(open) + "\n";
  }
  text += MarkdownOf(VerdictTable(comparison)) + "\n" + MarkdownOf(StallsTable(comparison)) + "\n";
  text += MarkdownOf(CostsTable(comparison)) + "\n";
  if (const ReportTable rounds = RoundsTable(comparison); !rounds.rows.empty()) {
    text += MarkdownOf(rounds) + "\n";
  }
  if (const ReportTable turns = TurnsTable(comparison); !turns.rows.empty()) {
    text += MarkdownOf(turns) + "\n";
  }
  if (const ReportTable outcomes = OutcomesTable(comparison); !outcomes.rows.empty()) {
    text += MarkdownOf(outcomes) + "\n";
  }
  text += "## Endpoints\n\n";
  for (const ReportTable& table : EndpointTables(comparison)) {
    text += MarkdownOf(table) + "\n";
  }
  text += "## Configurations\n\n";
  text += MarkdownOf(AuditTable(comparison)) + "\n";
  text += MarkdownOf(SettingsTable(comparison)) + "\n";
  text += MarkdownOf(DurabilityTable(comparison)) + "\n";
  if (const ReportTable pragmas = PragmasTable(comparison); !pragmas.rows.empty()) {
    text += MarkdownOf(pragmas) + "\n";
  }
  text += "Pragmas that are the same in all: " + MarkdownText(CommonPragmas(comparison)) + "\n\n";
  if (const ReportTable errors = ErrorsTable(comparison); !errors.rows.empty()) {
    text += MarkdownOf(errors) + "\n";
  }
  return text;
}

}  // namespace

std::string ComparisonMarkdown(const Comparison& comparison) {
  std::string text = "# Comparison of SQLite configurations\n\n";
  text += Bullets("**AUDIT FAILED:** ", comparison.audit_failures);
  text += Bullets("**INVALID:** ", comparison.invalid);
  text += Bullets("**Warning:** ", comparison.warnings);
  if (!comparison.not_measured.empty()) {
    text += fmt::format("Not measured: {}\n\n", fmt::join(comparison.not_measured, ", "));
  }
  text += comparison.configurations.empty() ? "No configuration was measured.\n\n"
                                            : Measured(comparison);
  return text + MarkdownOf(ProvenanceTable(comparison));
}

}  // namespace sqlicorn::loadgen
