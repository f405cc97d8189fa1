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
#include "loadgen/page/page_excerpt.h"
#include "loadgen/page/page_frame.h"
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

std::string Body(const PageExcerpt& excerpt) {
  const Comparison& comparison = excerpt.shown;
  const Provenance& from = comparison.provenance;
  std::string html = fmt::format("<h1>{}</h1>\n<p class=\"soft\">{} · sqlicorn-loadgen {}</p>\n",
                                 MarkupText(TitleOf(comparison)), MarkupText(from.started),
                                 MarkupText(from.version));
  html += Notices(comparison) + LeftOutHtml(excerpt.left_out);
  if (comparison.configurations.empty()) {
    html += "<p>No configuration was measured.</p>\n";
  } else {
    html += ComparisonCharts(comparison) + Numbers(comparison) + Configurations(comparison);
  }
  return html + TableOrNothing(FailedRunsTable(comparison)) + HtmlOf(ProvenanceTable(comparison));
}

// Every endpoint of every round has an object of its own in the JSON.
std::size_t LeastJsonBytes(const Comparison& comparison) {
  constexpr std::size_t kLeastOfEach = 500;
  std::size_t objects = 0;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    objects += 1 + configuration.measured.endpoints.size();
    for (const RoundNumbers& round : configuration.rounds) {
      objects += 1 + round.measured.endpoints.size();
    }
  }
  return objects * kLeastOfEach;
}

// The JSON for a script element, "" where it takes more than `room`.
std::string DataWithin(std::size_t room, const Comparison& comparison) {
  if (LeastJsonBytes(comparison) > room) {
    return "";
  }
  std::string data = ScriptJson(ComparisonJson(comparison, JsonForm::kCompact));
  return data.size() <= room ? data : "";
}

// All of it; or of what the page shows, without the endpoints of rounds, then without the rounds;
// "" where nothing fits.
std::string RawData(PageExcerpt excerpt, const Comparison& comparison, std::size_t room) {
  if (std::string all = DataWithin(room, comparison); !all.empty()) {
    return all;
  }
  excerpt.shown.control.reset();
  for (ConfigurationNumbers& configuration : excerpt.shown.configurations) {
    for (RoundNumbers& round : configuration.rounds) {
      round.measured.endpoints.clear();
    }
  }
  if (std::string less = DataWithin(room, excerpt.shown); !less.empty()) {
    return less;
  }
  for (ConfigurationNumbers& configuration : excerpt.shown.configurations) {
    configuration.rounds.clear();
  }
  return DataWithin(room, excerpt.shown);
}

}  // namespace

std::string ComparisonPage(const Comparison& comparison) {
  PageExcerpt excerpt;
  const std::string page = PageWithin([&](const PageLimits& limits) {
    excerpt = ExcerptOf(comparison, limits);
    return PageHead(TitleOf(comparison)) + Body(excerpt);
  });
  return PageEnd(page, RawData(std::move(excerpt), comparison, RoomAfter(page)));
}

}  // namespace sqlicorn::loadgen
