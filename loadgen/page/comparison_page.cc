// SPDX-License-Identifier: MIT
#include "loadgen/page/comparison_page.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/page/comparison_charts.h"
#include "loadgen/page/html_text.h"
#include "loadgen/page/style.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/comparison_tables.h"
#include "loadgen/report/markup_text.h"

namespace sqlicorn::loadgen {
namespace {

std::vector<std::string> WithMark(const std::string& mark, const std::vector<std::string>& texts) {
  std::vector<std::string> marked;
  for (const std::string& text : texts) {
    marked.push_back(mark + text);
  }
  return marked;
}

std::string Verdict(const Comparison& comparison) {
  if (comparison.configurations.empty()) {
    return "";
  }
  const std::vector<std::string> reasons = InvalidReasons(comparison);
  return reasons.empty() ? HtmlList("ok", {"Verdict: VALID"})
                         : HtmlList("bad", WithMark("INVALID: ", reasons));
}

// What a reader must know before the numbers.
std::string Notices(const Comparison& comparison) {
  std::string html =
      HtmlList("bad", WithMark("Audit failed: ", comparison.audit_failures)) + Verdict(comparison);
  std::vector<std::string> limits;
  for (const ThresholdFinding& finding : comparison.thresholds) {
    if (finding.holds || !finding.value) {
      limits.push_back(fmt::format("Threshold: {}: {} (fail if {})", finding.configuration,
                                   finding.value_text, finding.limit));
    }
  }
  html += HtmlList("bad", limits) + HtmlList("warn", comparison.warnings);
  if (!comparison.not_measured.empty()) {
    html += fmt::format("<p class=\"soft\">Not measured: {}</p>\n",
                        MarkupText(fmt::format("{}", fmt::join(comparison.not_measured, ", "))));
  }
  return html;
}

std::string TableOrNothing(const ReportTable& table) {
  return table.rows.empty() ? "" : HtmlOf(table);
}

std::string Numbers(const Comparison& comparison) {
  std::string html =
      "<h2>Numbers</h2>\n" + HtmlOf(Headline(comparison)) +
      HtmlList("soft", ReadingNotes(comparison)) + TableOrNothing(ThresholdsTable(comparison)) +
      TableOrNothing(ContrastTable(comparison)) + TableOrNothing(OpenLoopTable(comparison)) +
      (IsRun(comparison) ? "" : HtmlOf(VerdictTable(comparison))) +
      HtmlOf(StallsTable(comparison)) + (IsRun(comparison) ? "" : HtmlOf(CostsTable(comparison))) +
      TableOrNothing(RoundsTable(comparison)) + TableOrNothing(TurnsTable(comparison));
  html += "<details open><summary>Endpoints</summary>\n";
  for (const ReportTable& table : EndpointTables(comparison)) {
    html += HtmlOf(table);
  }
  html += "</details>\n";
  return html + TableOrNothing(ErrorsTable(comparison));
}

std::string Configurations(const Comparison& comparison) {
  if (comparison.provenance.plan.empty()) {
    return "";  // a run knows its server from outside
  }
  std::string html = "<h2>Configurations</h2>\n" + HtmlOf(AuditTable(comparison)) +
                     HtmlOf(SettingsTable(comparison)) + TableOrNothing(PragmasTable(comparison));
  if (!comparison.common_pragmas.empty()) {
    html += fmt::format("<p class=\"soft\">Pragmas that are the same in all: {}</p>\n",
                        MarkupText(CommonPragmas(comparison)));
  }
  return html;
}

std::string Body(const Comparison& comparison) {
  const Provenance& from = comparison.provenance;
  std::string html = fmt::format("<h1>{}</h1>\n<p class=\"soft\">{} · sqlicorn-loadgen {}</p>\n",
                                 MarkupText(TitleOf(comparison)), MarkupText(from.started),
                                 MarkupText(from.version));
  html += Notices(comparison);
  if (comparison.configurations.empty()) {
    html += "<p>No configuration was measured.</p>\n";
  } else {
    html += ComparisonCharts(comparison) + Numbers(comparison) + Configurations(comparison);
  }
  return html + HtmlOf(ProvenanceTable(comparison));
}

// The comparison with less and less of its rounds.
std::vector<std::string> RawData(const Comparison& comparison) {
  Comparison less = comparison;
  for (ConfigurationNumbers& configuration : less.configurations) {
    for (RoundNumbers& round : configuration.rounds) {
      round.measured.endpoints.clear();
    }
  }
  Comparison least = comparison;
  for (ConfigurationNumbers& configuration : least.configurations) {
    configuration.rounds.clear();
  }
  less.control.reset();
  least.control.reset();
  return {ComparisonJson(comparison, JsonForm::kCompact), ComparisonJson(less, JsonForm::kCompact),
          ComparisonJson(least, JsonForm::kCompact)};
}

}  // namespace

std::string ComparisonPage(const Comparison& comparison) {
  const std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style></head>\n<body>\n{}",
      MarkupText(TitleOf(comparison)), kPageStyle, Body(comparison));
  for (const std::string& raw : RawData(comparison)) {
    const std::string data = ScriptJson(raw);
    if (page.size() + data.size() < kMostPageBytes - 100) {
      return fmt::format(
          "{}<script type=\"application/json\" id=\"data\">{}</script>\n</body></html>\n", page,
          data);
    }
  }
  return page + "</body></html>\n";
}

}  // namespace sqlicorn::loadgen
