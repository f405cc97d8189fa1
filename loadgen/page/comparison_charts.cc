// SPDX-License-Identifier: MIT
#include "loadgen/page/comparison_charts.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "loadgen/page/curve_chart.h"
#include "loadgen/page/html_text.h"
#include "loadgen/page/row_chart.h"
#include "loadgen/page/time_chart.h"
#include "loadgen/report/comparison_tables.h"
#include "loadgen/report/markup_text.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

using Configurations = std::vector<ConfigurationNumbers>;

constexpr std::size_t kMostCircles = 60;  // in a row, before they are a bar

std::vector<double> RoundRates(const ConfigurationNumbers& configuration) {
  std::vector<double> rates;
  for (const RoundNumbers& round : configuration.rounds) {
    rates.push_back(round.measured.all.ok_rps);
  }
  return rates;
}

RowChart::Row ThroughputRow(const ConfigurationNumbers& configuration) {
  const Numbers& all = configuration.measured.all;
  const std::vector<double> rates = RoundRates(configuration);
  RowChart::Row row;
  row.name = configuration.name;
  row.say = fmt::format("{} ok/s", RateText(all.ok_rps));
  if (all.failures > 0) {
    row.say += fmt::format(", {} % failed", PercentText(all.failure_ratio));
  }
  row.bar = all.ok_rps;
  row.bad_bar = all.failures_per_s;
  row.title = fmt::format("{}: {} successful and {} failed requests per second", row.name,
                          RateText(all.ok_rps), RateText(all.failures_per_s));
  if (rates.size() > 1) {
    row.low = *std::min_element(rates.begin(), rates.end());
    row.high = *std::max_element(rates.begin(), rates.end());
    if (rates.size() <= kMostCircles) {
      row.rounds = rates;
    }
    row.title += fmt::format("; in its rounds {} to {}", RateText(*row.low), RateText(*row.high));
  }
  return row;
}

std::string Throughput(const Configurations& configurations) {
  double greatest = 1;
  std::vector<RowChart::Row> rows;
  for (const ConfigurationNumbers& configuration : configurations) {
    rows.push_back(ThroughputRow(configuration));
    const RowChart::Row& row = rows.back();
    greatest = std::max({greatest, *row.bar + row.bad_bar, row.high.value_or(0)});
  }
  RowChart chart{
      "Successful requests per second, failed ones in red behind them. Circles: single "
      "rounds, the line from the slowest to the fastest.",
      Axis::Linear(greatest),
      {},
      {},
      {},
      std::move(rows)};
  return "<h2>Throughput</h2>\n" + HtmlOf(chart);
}

std::string Curves(const Configurations& configurations) {
  const std::pair<const char*, Scope> groups[] = {{"Reads", Scope::kReads},
                                                  {"Writes", Scope::kWrites}};
  std::string html;
  for (const auto& [name, scope] : groups) {
    std::vector<Curve> curves;
    for (std::size_t i = 0; i < configurations.size(); ++i) {
      curves.push_back(
          {configurations[i].name, i, LatencyOf(configurations[i].distribution, scope)});
    }
    html += HtmlOf(fmt::format("{}: milliseconds (upwards) that this share of the requests did not "
                               "exceed (across). Faint: too few requests to be more than a hint.",
                               name),
                   curves);
  }
  return html.empty() ? "" : "<h2>Latency</h2>\n" + html;
}

std::string OverTime(const Comparison& comparison) {
  std::vector<TimeLine> lines;
  for (std::size_t i = 0; i < comparison.configurations.size(); ++i) {
    const ConfigurationNumbers& configuration = comparison.configurations[i];
    lines.push_back({configuration.name, i, &configuration.distribution.seconds,
                     std::max<std::size_t>(configuration.rounds.size(), 1),
                     comparison.provenance.duration_s});
  }
  const std::string html = HtmlOf(
      "Above: successful requests per second, failures in red. Below, in milliseconds: p99 "
      "(line), median (thin), slowest (dotted). Rounds lie over each other.",
      lines);
  return html.empty() ? "" : "<h2>Over time</h2>\n" + html;
}

struct RatioChart {
  const char* caption;
  const Contrast ConfigurationNumbers::*contrast;
  double noise;
};

RowChart::Row RatioRow(const ConfigurationNumbers& configuration, const Contrast& contrast) {
  RowChart::Row row;
  row.name = configuration.name;
  row.say = "-";
  if (contrast.ratio > 0) {
    row.dot = contrast.ratio;
    row.low = contrast.low;
    row.high = contrast.high;
    row.unsure = contrast.finding == Finding::kTooFewRounds;
    // Square brackets are an interval of confidence, which few rounds have not.
    row.say =
        !row.unsure
            ? fmt::format("{} [{}, {}] {}", RatioText(contrast.ratio), RatioText(contrast.low),
                          RatioText(contrast.high), FindingText(contrast.finding))
            : fmt::format("{} {}", RatioText(contrast.ratio), FindingText(contrast.finding));
  }
  row.title = row.name + ": " + row.say;
  return row;
}

// One row per configuration but the first, and the first once more: what it differs from itself by
// is the band around 1.
std::string Ratios(const Comparison& comparison, const RatioChart& kind) {
  std::vector<RowChart::Row> rows;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    rows.push_back(RatioRow(configuration, configuration.*kind.contrast));
  }
  if (comparison.control) {
    rows.push_back(RatioRow(*comparison.control, *comparison.control.*kind.contrast));
  }
  double least = 1 / (1 + kind.noise);
  double greatest = 1 + kind.noise;
  bool any = false;
  for (const RowChart::Row& row : rows) {
    any = any || row.dot.has_value();
    least = std::min(least, row.low.value_or(1) > 0 ? row.low.value_or(1) : least);
    greatest = std::max(greatest, row.high.value_or(1));
  }
  if (!any) {
    return "";
  }
  rows.front().say = "1, by definition";
  rows.front().dot = 1;
  RowChart chart{kind.caption, Axis::Log(least, greatest), 1, {}, {}, std::move(rows)};
  if (kind.noise > 0) {
    chart.band_low = 1 / (1 + kind.noise);
    chart.band_high = 1 + kind.noise;
  }
  return HtmlOf(chart);
}

std::string AllRatios(const Comparison& comparison) {
  const std::string first = MarkupText(comparison.configurations.front().name);
  const std::string html =
      Ratios(comparison, {"Successful requests per second: more is better",
                          &ConfigurationNumbers::ok_rate, comparison.ok_rate_noise}) +
      Ratios(comparison, {"The server's CPU time for a successful request: less is better",
                          &ConfigurationNumbers::cpu, comparison.cpu_noise});
  return html.empty() ? ""
                      : fmt::format(
                            "<h2>Ratios to {}</h2>\n<p class=\"say\">{} Dashed: from the "
                            "lowest round to the highest, too few to prove anything.</p>\n",
                            first, MarkupText(NoiseText(comparison))) +
                            html;
}

}  // namespace

std::string ComparisonCharts(const Comparison& comparison) {
  const Configurations& configurations = comparison.configurations;
  return Throughput(configurations) + AllRatios(comparison) + Curves(configurations) +
         OverTime(comparison);
}

}  // namespace sqlicorn::loadgen
