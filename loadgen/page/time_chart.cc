// SPDX-License-Identifier: MIT
#include "loadgen/page/time_chart.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "loadgen/page/axis.h"
#include "loadgen/page/html_text.h"
#include "loadgen/report/markup_text.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kWidth = 1000;  // of the drawing's own units, stretched to the page
constexpr double kRateHeight = 56;
constexpr double kGap = 16;
constexpr double kMsHeight = 84;
constexpr double kHeight = kRateHeight + kGap + kMsHeight;

using Numbers = TimePointNumbers;

// The axes that all charts share.
struct Frame {
  double duration_s = 1;
  Axis rate = Axis::Linear(1);
  Axis ms = Axis::Log(1, 10);

  [[nodiscard]] double X(const Numbers& point) const { return point.at_s / duration_s * kWidth; }

  [[nodiscard]] double RateY(double value) const { return (1 - rate.At(value)) * kRateHeight; }

  [[nodiscard]] double MsY(double value) const {
    return kRateHeight + kGap + (1 - ms.At(value)) * kMsHeight;
  }
};

Frame FrameFor(const std::vector<TimeLine>& lines) {
  double rate = 1;
  double least = 1e9;
  double greatest = 0.001;
  Frame frame;
  for (const TimeLine& line : lines) {
    frame.duration_s = std::max(frame.duration_s, line.duration_s);
    for (const Numbers& point : PointsOf(line)) {
      rate = std::max({rate, point.ok_per_s, point.failures_per_s});
      least = point.p50_ms > 0 ? std::min(least, point.p50_ms) : least;
      greatest = std::max(greatest, point.max_ms);
    }
  }
  frame.rate = Axis::Linear(rate);
  frame.ms = Axis::Log(std::min(least, greatest), greatest);
  return frame;
}

// `y` of each point in time; points for which it is negative interrupt the line.
template <typename Y>
std::string Path(const char* css_class, const Frame& frame, const std::vector<Numbers>& points,
                 const Y& y) {
  std::string path;
  bool pen_up = true;
  for (const Numbers& point : points) {
    const double at = y(point);
    if (at < 0) {
      pen_up = true;
      continue;
    }
    path += fmt::format("{}{:.0f} {:.1f}", pen_up ? "M" : "L", frame.X(point), at);
    pen_up = false;
  }
  // A single point is seen by the ends of its line.
  return path.empty() ? "" : fmt::format("<path class=\"{}\" d=\"{}h1\"/>", css_class, path);
}

std::string Area(const Frame& frame, const std::vector<Numbers>& points) {
  std::string path = fmt::format("M{:.0f} {}", frame.X(points.front()), kRateHeight);
  for (const Numbers& point : points) {
    path += fmt::format("L{:.0f} {:.1f}", frame.X(point), frame.RateY(point.ok_per_s));
  }
  return fmt::format("<path class=\"area\" d=\"{}L{:.0f} {}Z\"/>", path, frame.X(points.back()),
                     kRateHeight);
}

std::string Lines(const Frame& frame, const std::vector<Numbers>& points) {
  const auto ms = [&](double Numbers::*member) {
    return [&frame, member](const Numbers& point) {
      return point.*member > 0 ? frame.MsY(point.*member) : -1;
    };
  };
  const bool any_failure = std::any_of(
      points.begin(), points.end(), [](const Numbers& point) { return point.failures_per_s > 0; });
  std::string lines = Area(frame, points);
  lines += Path("line curve", frame, points,
                [&](const Numbers& point) { return frame.RateY(point.ok_per_s); });
  if (any_failure) {
    lines += Path("fail", frame, points,
                  [&](const Numbers& point) { return frame.RateY(point.failures_per_s); });
  }
  return lines + Path("line faint dots", frame, points, ms(&Numbers::max_ms)) +
         Path("line", frame, points, ms(&Numbers::p99_ms)) +
         Path("line thin", frame, points, ms(&Numbers::p50_ms));
}

// The ticks of one of the two axes that leave each other room, from `top` on.
std::vector<std::pair<double, std::string>> TicksOf(const Axis& axis, double top, double height) {
  constexpr double kLeast = 14;
  std::vector<std::pair<double, std::string>> ticks;
  for (const Axis::Tick& tick : axis.ticks()) {
    const double y = top + (1 - tick.at) * height;
    if (ticks.empty() || ticks.back().first - y >= kLeast) {
      ticks.emplace_back(y, tick.text);
    }
  }
  return ticks;
}

std::string Grid(const Frame& frame) {
  std::string grid;
  auto ticks = TicksOf(frame.rate, 0, kRateHeight);
  const auto ms = TicksOf(frame.ms, kRateHeight + kGap, kMsHeight);
  ticks.insert(ticks.end(), ms.begin(), ms.end());
  for (const auto& [y, text] : ticks) {
    grid +=
        fmt::format("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{0:.1f}\" y2=\"{0:.1f}\"/>", y);
  }
  return grid;
}

std::string AxisTexts(const Frame& frame) {
  std::string texts;
  const auto add = [&](const auto& ticks) {
    for (const auto& [y, text] : ticks) {
      texts += fmt::format("<text x=\"100%\" dx=\"-5\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                           y + 4, text);
    }
  };
  add(TicksOf(frame.rate, 0, kRateHeight));
  add(TicksOf(frame.ms, kRateHeight + kGap, kMsHeight));
  return fmt::format("<svg width=\"100%\" height=\"{}\" aria-hidden=\"true\">{}</svg>",
                     kHeight + 16, texts);
}

std::string Seconds(const Frame& frame) {
  constexpr const char* kText = "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{:.3g} s</text>";
  return fmt::format(kText, "0", kHeight + 13, "start", 0.0) +
         fmt::format(kText, "100%", kHeight + 13, "end", frame.duration_s);
}

std::string Chart(const Frame& frame, const TimeLine& line) {
  const std::vector<Numbers> points = PointsOf(line);
  const auto worst =
      std::max_element(points.begin(), points.end(),
                       [](const Numbers& a, const Numbers& b) { return a.p99_ms < b.p99_ms; });
  const std::string title =
      fmt::format("{} over {:.3g} seconds: worst p99 {} ms at {:.3g} s, slowest {} ms", line.name,
                  line.duration_s, MsText(worst->p99_ms), worst->at_s, MsText(worst->max_ms));
  return fmt::format(
      "<figure><h3>{}</h3><div class=\"plot bare\">{}<svg role=\"img\" class=\"mark {}\" "
      "width=\"100%\" height=\"{}\"><title>{}</title>{}<svg viewBox=\"0 0 {} {}\" width=\"100%\" "
      "height=\"{}\" preserveAspectRatio=\"none\">{}</svg>{}</svg></div></figure>\n",
      MarkupText(line.name), AxisTexts(frame), SeriesClass(line.series), kHeight + 16,
      MarkupText(title), Grid(frame), kWidth, kHeight, kHeight, Lines(frame, points),
      Seconds(frame));
}

}  // namespace

std::vector<TimePointNumbers> PointsOf(const TimeLine& line) {
  constexpr double kWholeEnough = 0.25;     // less of a span says nothing about its rate
  constexpr std::size_t kMostPoints = 100;  // of a chart that is as wide as a thumb is long
  std::vector<TimePointNumbers> points;
  TimeSeries series = *line.seconds;
  while (series.spans().size() > kMostPoints) {
    series.Widen();
  }
  const double span_s = series.span_ms() / 1000.0;
  double from = 0;
  for (const TimeSeries::Span& span : series.spans()) {
    const double covered = std::min(span_s, line.duration_s - from);
    if (covered >= kWholeEnough * span_s || (points.empty() && covered > 0)) {
      const double seconds = covered * static_cast<double>(line.rounds);
      points.push_back({from + covered / 2,
                        static_cast<double>(span.requests - span.failures) / seconds,
                        static_cast<double>(span.failures) / seconds, span.PercentileUs(50) / 1000,
                        span.PercentileUs(99) / 1000, static_cast<double>(span.max_us) / 1000});
    }
    from += span_s;
  }
  return points;
}

std::string HtmlOf(const std::string& caption, const std::vector<TimeLine>& all) {
  std::vector<TimeLine> lines;
  std::copy_if(all.begin(), all.end(), std::back_inserter(lines),
               [](const TimeLine& line) { return !PointsOf(line).empty(); });
  if (lines.empty()) {
    return "";
  }
  const Frame frame = FrameFor(lines);
  std::string html = fmt::format("<p class=\"say\">{}</p><div class=\"cards\">\n", caption);
  for (const TimeLine& line : lines) {
    html += Chart(frame, line);
  }
  return html + "</div>\n";
}

}  // namespace sqlicorn::loadgen
