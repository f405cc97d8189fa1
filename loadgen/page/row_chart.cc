// SPDX-License-Identifier: MIT
#include "loadgen/page/row_chart.h"

#include <algorithm>

#include <fmt/format.h>

#include "loadgen/page/html_text.h"
#include "loadgen/report/markup_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr int kHeight = 26;
constexpr int kMiddle = kHeight / 2;

std::string Percent(double share) {
  return fmt::format("{:.2f}%", share * 100);
}

std::string VerticalLine(const char* css_class, double at) {
  return fmt::format("<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"0\" y2=\"{}\"/>", css_class,
                     Percent(at), Percent(at), kHeight);
}

// What stands behind every row.
std::string Ground(const RowChart& chart) {
  std::string ground;
  if (chart.band_low && chart.band_high) {
    const double from = chart.axis.At(*chart.band_low);
    ground += fmt::format("<rect class=\"band\" x=\"{}\" width=\"{}\" y=\"0\" height=\"{}\"/>",
                          Percent(from), Percent(chart.axis.At(*chart.band_high) - from), kHeight);
  }
  for (const Axis::Tick& tick : chart.axis.ticks()) {
    ground += VerticalLine("grid", tick.at);
  }
  return chart.line ? ground + VerticalLine("one", chart.axis.At(*chart.line)) : ground;
}

std::string Bars(const RowChart& chart, const RowChart::Row& row) {
  if (!row.bar) {
    return "";
  }
  constexpr const char* kBar =
      "<rect class=\"{}\" data-value=\"{}\" x=\"{}\" width=\"{}\" y=\"6\" height=\"14\"/>";
  const double end = chart.axis.At(*row.bar);
  std::string bars = fmt::format(kBar, "bar", *row.bar, "0", Percent(end));
  if (row.bad_bar > 0) {
    const double bad_end = chart.axis.At(*row.bar + row.bad_bar);
    bars += fmt::format(kBar, "failbar", row.bad_bar, Percent(end), Percent(bad_end - end));
  }
  return bars;
}

std::string Marks(const RowChart& chart, const RowChart::Row& row) {
  std::string marks;
  if (row.low && row.high) {
    marks += fmt::format(
        "<line class=\"range{}\" data-low=\"{}\" data-high=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{}\" "
        "y2=\"{}\"/>",
        row.unsure ? " unsure" : "", *row.low, *row.high, Percent(chart.axis.At(*row.low)),
        Percent(chart.axis.At(*row.high)), kMiddle, kMiddle);
  }
  for (const double round : row.rounds) {
    marks +=
        fmt::format("<circle class=\"round\" data-value=\"{}\" cx=\"{}\" cy=\"{}\" r=\"2.6\"/>",
                    round, Percent(chart.axis.At(round)), kMiddle);
  }
  if (row.dot) {
    marks += fmt::format("<circle class=\"dot\" data-value=\"{}\" cx=\"{}\" cy=\"{}\" r=\"4.5\"/>",
                         *row.dot, Percent(chart.axis.At(*row.dot)), kMiddle);
  }
  return marks;
}

// The first and the last tick keep within the chart.
const char* AnchorAt(double at) {
  if (at < 0.03) {
    return "start";
  }
  return at > 0.97 ? "end" : "middle";
}

std::string AxisRow(const RowChart& chart) {
  std::string texts;
  for (const Axis::Tick& tick : chart.axis.ticks()) {
    texts += fmt::format("<text x=\"{}\" y=\"12\" text-anchor=\"{}\">{}</text>", Percent(tick.at),
                         AnchorAt(tick.at), tick.text);
  }
  return fmt::format(
      "<span class=\"pad\"></span><svg class=\"axis\" width=\"100%\" height=\"18\" "
      "aria-hidden=\"true\">{}</svg><span class=\"pad\"></span>\n",
      texts);
}

}  // namespace

std::string HtmlOf(const RowChart& chart) {
  const std::string ground = Ground(chart);
  std::string html =
      fmt::format("<figure><figcaption>{}</figcaption><div class=\"rows\">\n", chart.caption);
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const RowChart::Row& row = chart.rows[i];
    html += fmt::format(
        "<span class=\"name\">{}</span><svg class=\"mark {}\" role=\"img\" width=\"100%\" "
        "height=\"{}\"><title>{}</title>{}{}{}</svg><span class=\"say\">{}</span>\n",
        MarkupText(row.name), SeriesClass(i), kHeight, MarkupText(row.title), ground,
        Bars(chart, row), Marks(chart, row), MarkupText(row.say));
  }
  return html + AxisRow(chart) + "</div></figure>\n";
}

}  // namespace sqlicorn::loadgen
