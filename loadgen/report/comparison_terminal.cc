// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/comparison_tables.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kWidth = 120;

std::string Paragraphs(const std::string& mark, const std::vector<std::string>& texts) {
  std::string text;
  for (const std::string& paragraph : texts) {
    text += Wrapped(mark + paragraph, kWidth, mark.size());
  }
  return text;
}

// A table whose last column is free text, without heads.
std::string NamedTexts(const ReportTable& table) {
  std::size_t width = 0;
  for (const auto& row : table.rows) {
    width = std::max(width, row.front().size());
  }
  std::string text = table.title + "\n";
  for (const auto& row : table.rows) {
    text += Wrapped(fmt::format("{:<{}}  {}", row.front(), width, row.back()), kWidth, width + 2);
  }
  return text;
}

std::string Failures(const Comparison& comparison) {
  const ReportTable table = ErrorsTable(comparison);
  if (table.rows.empty()) {
    return "";
  }
  std::string text = "\n" + table.title + "\n";
  for (const auto& row : table.rows) {
    text += Wrapped(fmt::format("{:<18} {:>10}  {}", row[0], row[1], row[2]), kWidth, 31);
  }
  return text;
}

}  // namespace

std::string Wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::string wrapped;
  std::string_view rest = text;
  std::size_t room = width;
  std::size_t from = 0;  // the indent of the first line is the text's own
  while (rest.size() > room) {
    const std::size_t blank = rest.rfind(' ', room);
    const bool breaks = blank != std::string_view::npos && blank > from;
    const std::size_t cut = breaks ? blank : room;
    wrapped.append(rest.substr(0, cut)).append("\n").append(indent, ' ');
    rest.remove_prefix(breaks ? cut + 1 : cut);
    room = width - indent;
  }
  return wrapped.append(rest) + "\n";
}

std::string ComparisonTerminal(const Comparison& comparison) {
  std::string text;
  if (comparison.configurations.empty()) {
    text = "No configuration was measured.\n";
  } else {
    text = TextOf(Headline(comparison)) + "\n";
    text += Paragraphs("  ", ReadingNotes(comparison)) + "\n";
    if (const ReportTable contrasts = ContrastTable(comparison); !contrasts.rows.empty()) {
      text += TextOf(contrasts) + "\n";
    }
    text += TextOf(VerdictTable(comparison)) + "\n";
    if (const ReportTable open = OpenLoopTable(comparison); !open.rows.empty()) {
      text += TextOf(open) + "\n";
    }
    text += TextOf(StallsTable(comparison)) + "\n" + TextOf(CostsTable(comparison)) + "\n";
    if (const ReportTable rounds = RoundsTable(comparison); !rounds.rows.empty()) {
      text += TextOf(rounds) + "\n";
    }
    if (const ReportTable turns = TurnsTable(comparison); !turns.rows.empty()) {
      text += TextOf(turns) + "\n";
    }
    if (const ReportTable outcomes = OutcomesTable(comparison); !outcomes.rows.empty()) {
      text += TextOf(outcomes) + "\n";
    }
    for (const ReportTable& table : EndpointTables(comparison)) {
      text += TextOf(table) + "\n";
    }
    text += TextOf(AuditTable(comparison)) + "\n" + NamedTexts(SettingsTable(comparison)) + "\n";
    text += TextOf(DurabilityTable(comparison)) + "\n";
    if (const ReportTable pragmas = PragmasTable(comparison); !pragmas.rows.empty()) {
      text += TextOf(pragmas);
    }
    if (!comparison.common_pragmas.empty()) {
      text += Wrapped("Pragmas that are the same in all: " + CommonPragmas(comparison), kWidth, 2);
    }
    text += Failures(comparison) + "\n";
  }
  text += NamedTexts(ProvenanceTable(comparison));
  if (!comparison.not_measured.empty()) {
    text += Wrapped(fmt::format("\nnot measured: {}", fmt::join(comparison.not_measured, ", ")),
                    kWidth, 2);
  }
  if (!comparison.warnings.empty()) {
    text += "\n" + Paragraphs("Warning: ", comparison.warnings);
  }
  if (const std::vector<std::string> reasons = InvalidReasons(comparison); !reasons.empty()) {
    text += "\n" + Paragraphs("Verdict: INVALID: ", reasons);
  } else if (!comparison.configurations.empty()) {
    text += "\nVerdict: VALID\n";
  }
  if (!comparison.audit_failures.empty()) {
    text += "\n" + Paragraphs("AUDIT FAILED: ", comparison.audit_failures);
  }
  return text;
}

}  // namespace sqlicorn::loadgen
