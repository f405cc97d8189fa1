// SPDX-License-Identifier: MIT
#include "loadgen/page/maxima_page.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "loadgen/page/html_text.h"
#include "loadgen/page/page_excerpt.h"
#include "loadgen/page/page_frame.h"
#include "loadgen/page/row_chart.h"
#include "loadgen/report/comparison_tables.h"
#include "loadgen/report/markup_text.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

std::string TableOrNothing(const ReportTable& table) {
  return table.rows.empty() ? "" : HtmlOf(table);
}

// The bar ends where it was met; the line goes on to where it was missed.
RowChart::Row RowOf(const FoundOfOne& one) {
  const FoundMax& found = one.found;
  RowChart::Row row;
  row.name = found.host;
  row.bar = found.met.value_or(0);
  if (found.met && found.missed) {
    row.low = found.met;
    row.high = found.missed;
  }
  row.unsure = one.end != SearchEnd::kTold;
  row.say = found.met    ? fmt::format("{}/s{}", RateText(*found.met),
                                    row.unsure ? ", " + EndText(one.end) : std::string())
               : row.unsure ? EndText(one.end)
                         : "met at no rate";
  row.title = fmt::format("{}: met up to {}, missed at {} requests per second", row.name,
                          found.met ? RateText(*found.met) : "none",
                          found.missed ? RateText(*found.missed) : "none");
  return row;
}

std::string Chart(const Maxima& maxima) {
  double greatest = 1;
  std::vector<RowChart::Row> rows;
  for (const FoundOfOne& one : maxima.found) {
    rows.push_back(RowOf(one));
    greatest = std::max({greatest, *rows.back().bar, rows.back().high.value_or(0)});
  }
  return HtmlOf(
      RowChart{"Requests per second up to which it is met; the line goes on to the least "
               "rate at which it was missed.",
               Axis::Linear(greatest),
               {},
               {},
               {},
               std::move(rows)});
}

std::vector<std::string> WithMark(const std::string& mark, std::vector<std::string> texts) {
  for (std::string& text : texts) {
    text = mark + text;
  }
  return texts;
}

std::string Body(const Maxima& maxima, const std::vector<std::string>& left_out) {
  const Provenance& from = maxima.runs.provenance;
  const std::vector<std::string> untold = UntoldTexts(maxima.found);
  std::string html = fmt::format(
      "<h1>The greatest rate at which {}</h1>\n<p class=\"soft\">{} · sqlicorn-loadgen {}</p>\n",
      MarkupText(maxima.objective.text), MarkupText(from.started), MarkupText(from.version));
  html += HtmlList("bad", WithMark("Audit failed: ", maxima.runs.audit_failures)) +
          HtmlList("bad", WithMark("INVALID: ", untold)) +
          (untold.empty() ? HtmlList("ok", {"Verdict: VALID"}) : "") +
          HtmlList("warn", WarningsOf(maxima)) + LeftOutHtml(left_out);
  html += "<h2>Throughput</h2>\n" + Chart(maxima) +
          HtmlOf(MaximaTable(maxima.objective, maxima.found)) + HtmlList("soft", NotesOf(maxima)) +
          TableOrNothing(TriesTable(maxima)) + TableOrNothing(FailedRunsTable(maxima.runs));
  if (!maxima.runs.configurations.empty()) {
    html += "<h2>Configurations</h2>\n" + HtmlOf(AuditTable(maxima.runs)) +
            HtmlOf(DurabilityTable(maxima.runs)) + HtmlOf(SettingsTable(maxima.runs)) +
            TableOrNothing(PragmasTable(maxima.runs));
  }
  return html + HtmlOf(ProvenanceTable(maxima.runs));
}

// The first, and the greatest rates; of their tries the last ones, which decided.
Maxima ShownOf(const Maxima& maxima, const PageLimits& limits, std::vector<std::string>* left_out) {
  PageExcerpt runs = ExcerptOf(maxima.runs, limits);
  *left_out = std::move(runs.left_out);
  Maxima shown{maxima.objective, maxima.try_seconds, maxima.found, std::move(runs.shown)};
  if (shown.found.size() > limits.configurations) {
    std::stable_sort(shown.found.begin() + 1, shown.found.end(),
                     [](const FoundOfOne& a, const FoundOfOne& b) {
                       return a.found.met.value_or(0) > b.found.met.value_or(0);
                     });
    shown.found.erase(shown.found.begin() + static_cast<std::ptrdiff_t>(limits.configurations),
                      shown.found.end());
    left_out->push_back(fmt::format("{} of {} searches: the first, and the greatest rates",
                                    shown.found.size(), maxima.found.size()));
  }
  const std::size_t most = std::max<std::size_t>(limits.endpoint_rows / shown.found.size(), 1);
  for (FoundOfOne& one : shown.found) {
    std::vector<MaxStep>& steps = one.found.steps;
    if (steps.size() > most) {
      steps.erase(steps.begin(), steps.end() - static_cast<std::ptrdiff_t>(most));
    }
  }
  return shown;
}

}  // namespace

std::string MaximaPage(const Maxima& maxima) {
  const auto page = [&](const PageLimits& limits) {
    std::vector<std::string> left_out;
    const Maxima shown = ShownOf(maxima, limits, &left_out);
    return PageHead("The greatest rate at which " + maxima.objective.text) + Body(shown, left_out);
  };
  const std::string body = PageWithin(page);
  const std::size_t room = RoomAfter(body);
  const std::string data = ScriptJson(MaximaJson(maxima));
  return PageEnd(body, data.size() <= room ? data : "");
}

}  // namespace sqlicorn::loadgen
