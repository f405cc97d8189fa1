// SPDX-License-Identifier: MIT
#include "loadgen/report/live_text.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include <fmt/format.h>

#include "loadgen/report/number_text.h"
#include "loadgen/report/printable_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> kAscii = {"_", ".", ":", "-", "=", "+", "*", "#"};
constexpr std::size_t kHeadWidth = 20;  // of what stands before a sparkline
constexpr std::size_t kMostValues = 60;

std::string Row(const char* name, const std::string& now, const std::vector<double>& values,
                std::size_t columns, Glyphs glyphs) {
  if (columns <= kHeadWidth) {
    return "";
  }
  return fmt::format("\n  {:<8}{:>9} {}", name, now,
                     Sparkline(values, std::min(columns - kHeadWidth, kMostValues), glyphs));
}

// A tenth of a second alone flickers.
double MeanOfLast(const std::vector<double>& values) {
  constexpr std::size_t kValues = 10;
  const std::size_t count = std::min(values.size(), kValues);
  return std::accumulate(values.end() - static_cast<std::ptrdiff_t>(count), values.end(), 0.0) /
         static_cast<double>(count);
}

std::string WorstError(const RunStats& stats, std::size_t columns) {
  const std::vector<ErrorStats>& errors = stats.errors();
  const auto worst = std::max_element(
      errors.begin(), errors.end(),
      [](const ErrorStats& a, const ErrorStats& b) { return a.occurrences < b.occurrences; });
  if (worst == errors.end()) {
    return "";
  }
  const EndpointStats& endpoint = stats.endpoints()[worst->endpoint];
  std::string line =
      PrintableText(fmt::format("  failing {:>8}x {} {}: {}", CountText(worst->occurrences),
                                endpoint.method, endpoint.name, worst->error));
  line.resize(std::min(line.size(), columns));
  return "\n" + line;
}

}  // namespace

LiveSeries LiveSeriesOf(const TimeSeries& seconds) {
  LiveSeries series;
  const auto& spans = seconds.spans();
  const double span_s = seconds.span_ms() / 1000.0;
  for (std::size_t i = 0; i + 1 < spans.size(); ++i) {
    series.ok_rates.push_back(static_cast<double>(spans[i].requests - spans[i].failures) / span_s);
    series.failed_rates.push_back(static_cast<double>(spans[i].failures) / span_s);
    series.p99_ms.push_back(spans[i].PercentileUs(99) / 1000);
  }
  return series;
}

std::string Sparkline(const std::vector<double>& values, std::size_t width, Glyphs glyphs) {
  const auto& levels = glyphs == Glyphs::kBlocks ? kBlocks : kAscii;
  const std::size_t from = values.size() - std::min(values.size(), width);
  double greatest = 0;
  for (std::size_t i = from; i < values.size(); ++i) {
    greatest = std::max(greatest, values[i]);
  }
  std::string line;
  for (std::size_t i = from; i < values.size(); ++i) {
    const double share = greatest > 0 ? values[i] / greatest : 0;
    line += levels[static_cast<std::size_t>(share * (static_cast<double>(levels.size()) - 0.01))];
  }
  return line;
}

std::string LiveLines(const RunStats& stats, std::size_t columns, Glyphs glyphs) {
  const LiveSeries series = LiveSeriesOf(stats.seconds());
  if (series.ok_rates.empty()) {
    return "";
  }
  return Row("ok/s", RateText(MeanOfLast(series.ok_rates)), series.ok_rates, columns, glyphs) +
         Row("p99 ms", MsText(series.p99_ms.back()), series.p99_ms, columns, glyphs) +
         WorstError(stats, columns);
}

}  // namespace sqlicorn::loadgen
