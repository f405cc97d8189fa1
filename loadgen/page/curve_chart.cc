// SPDX-License-Identifier: MIT
#include "loadgen/page/curve_chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

#include <fmt/format.h>

#include "loadgen/page/axis.h"
#include "loadgen/page/html_text.h"
#include "loadgen/report/markup_text.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kWidth = 1000;  // of the drawing's own units, stretched to the page
constexpr double kLabelGap = 14;

struct Plot {
  double height = 0;
  double most_nines = 1;
  Axis ms;

  [[nodiscard]] double X(double nines) const { return nines / most_nines; }

  [[nodiscard]] double Y(double value) const { return (1 - ms.At(value)) * height; }
};

double HeightFor(std::size_t curves) {
  return std::max(300.0, kLabelGap * static_cast<double>(curves + 1));
}

double MaxMs(const Curve& curve) {
  return static_cast<double>(curve.latency.max_us()) / 1000;
}

Plot PlotFor(const std::vector<Curve>& curves) {
  double least = MaxMs(curves.front());
  double greatest = 0;
  double nines = 1;
  for (const Curve& curve : curves) {
    const double from = PointsOf(curve.latency).front().ms;
    least = std::min(least, std::max(from, 0.001));
    greatest = std::max(greatest, MaxMs(curve));
    nines = std::max(nines, PointsOf(curve.latency).back().nines);
  }
  return {HeightFor(curves.size()), nines, Axis::Log(least, greatest)};
}

std::string Path(const Plot& plot, const std::vector<CurvePoint>& points, const char* css_class) {
  std::string path;
  for (const CurvePoint& point : points) {
    path += fmt::format("{}{:.0f} {:.1f}", path.empty() ? "M" : "L", plot.X(point.nines) * kWidth,
                        plot.Y(point.ms));
  }
  return points.size() < 2 ? "" : fmt::format("<path class=\"{}\" d=\"{}\"/>", css_class, path);
}

// The curve as far as ten requests lie beyond it, the rest of it, and a line on to its label.
std::string CurvePaths(const Plot& plot, const Curve& curve) {
  const std::vector<CurvePoint> points = PointsOf(curve.latency);
  const double carried = std::log10(static_cast<double>(curve.latency.count()) / 10);
  const auto thin = std::find_if(points.begin(), points.end(),
                                 [&](const CurvePoint& point) { return point.nines > carried; });
  const std::vector<CurvePoint> sure(points.begin(), thin);
  std::vector<CurvePoint> rest(thin == points.begin() ? thin : thin - 1, points.end());
  const CurvePoint end{plot.most_nines, points.back().ms};
  return Path(plot, sure, "line curve") + Path(plot, rest, "line faint") +
         Path(plot, {points.back(), end}, "line faint dots");
}

std::string Grid(const Plot& plot) {
  std::string grid;
  for (const Axis::Tick& tick : plot.ms.ticks()) {
    const double y = (1 - tick.at) * plot.height;
    grid += fmt::format("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
                        y, y);
  }
  for (double nines = 0; nines <= plot.most_nines; ++nines) {
    grid +=
        fmt::format("<line class=\"grid\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"0\" y2=\"{1}\"/>",
                    plot.X(nines) * 100, plot.height);
  }
  return grid;
}

// "50", "90", "99", "99.9" …
std::string PercentTicks(const Plot& plot) {
  constexpr double kHalf = 0.30103;
  std::string texts;
  const auto text = [&](double nines, const std::string& percent) {
    texts += fmt::format("<text x=\"{:.2f}%\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                         plot.X(nines) * 100, plot.height + 15, percent);
  };
  text(kHalf, "50 %");
  std::string nines = "9";
  for (double i = 1; i <= plot.most_nines; ++i) {
    text(i, i == 1 ? "90" : nines);
    nines += i == 1 ? "9" : (i == 2 ? ".9" : "9");
  }
  return texts;
}

std::string MsTicks(const Plot& plot) {
  std::string texts;
  for (const Axis::Tick& tick : plot.ms.ticks()) {
    texts += fmt::format("<text x=\"100%\" dx=\"-6\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                         (1 - tick.at) * plot.height + 4, tick.text);
  }
  return fmt::format("<svg width=\"100%\" height=\"{}\" aria-hidden=\"true\">{}</svg>\n",
                     plot.height + 20, texts);
}

std::string EndLabels(const Plot& plot, const std::vector<Curve>& curves) {
  std::vector<double> ends;
  for (const Curve& curve : curves) {
    ends.push_back(plot.Y(MaxMs(curve)));
  }
  const std::vector<double> at = SpreadLabels(ends, kLabelGap, 6, plot.height - 4);
  std::string labels;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    labels += fmt::format(
        "<g class=\"{}\"><path class=\"line thin\" d=\"M0 {:.1f}L14 {:.1f}L22 {:.1f}\"/>"
        "<text class=\"name\" x=\"26\" y=\"{:.1f}\">{}</text></g>",
        SeriesClass(curves[i].series), ends[i], at[i], at[i], at[i] + 4,
        MarkupText(curves[i].name));
  }
  return fmt::format(
      "<svg class=\"ends\" width=\"100%\" height=\"{}\" aria-hidden=\"true\">{}</svg>\n",
      plot.height + 20, labels);
}

std::string Legend(const std::vector<Curve>& curves) {
  std::string legend;
  for (const Curve& curve : curves) {
    legend += fmt::format(
        "<li><svg class=\"{}\" width=\"28\" height=\"8\" aria-hidden=\"true\"><path class=\"line\" "
        "d=\"M0 4H28\"/></svg>{}</li>",
        SeriesClass(curve.series), MarkupText(curve.name));
  }
  return "<ul class=\"legend\">" + legend + "</ul>\n";
}

std::string Describe(const Curve& curve) {
  return fmt::format("{}: p50 {} ms, p99 {} ms, slowest {} ms", curve.name,
                     MsText(curve.latency.PercentileUs(50) / 1000),
                     MsText(curve.latency.PercentileUs(99) / 1000), MsText(MaxMs(curve)));
}

std::string Drawing(const std::string& caption, const Plot& plot,
                    const std::vector<Curve>& curves) {
  std::string paths;
  std::string description;
  for (const Curve& curve : curves) {
    const std::string text = MarkupText(Describe(curve));
    paths += fmt::format("<g class=\"mark {}\"><title>{}</title>{}</g>\n",
                         SeriesClass(curve.series), text, CurvePaths(plot, curve));
    description += text + "; ";
  }
  return fmt::format(
      "<svg role=\"img\" width=\"100%\" height=\"{0}\"><title>{1}</title><desc>{2}</desc>{3}"
      "<svg viewBox=\"0 0 {4} {5}\" width=\"100%\" height=\"{5}\" "
      "preserveAspectRatio=\"none\">{6}</svg>{7}</svg>\n",
      plot.height + 20, MarkupText(caption), description, Grid(plot), kWidth, plot.height, paths,
      PercentTicks(plot));
}

}  // namespace

std::string HtmlOf(const std::string& caption, const std::vector<Curve>& all) {
  std::vector<Curve> curves;
  std::copy_if(all.begin(), all.end(), std::back_inserter(curves),
               [](const Curve& curve) { return curve.latency.count() > 0; });
  if (curves.empty()) {
    return "";
  }
  const Plot plot = PlotFor(curves);
  return fmt::format(
      "<figure><figcaption>{}</figcaption><div class=\"plot\">{}{}{}</div>{}</figure>\n",
      MarkupText(caption), MsTicks(plot), Drawing(caption, plot, curves), EndLabels(plot, curves),
      Legend(curves));
}

std::vector<CurvePoint> PointsOf(const Histogram& latency) {
  constexpr int kPoints = 160;
  constexpr double kTenth = 0.045757;  // p10: the luckiest requests would take half of the height
  std::vector<CurvePoint> points;
  if (latency.count() == 0) {
    return points;
  }
  const double most = std::max(std::log10(static_cast<double>(latency.count())), 0.1);
  for (int i = 0; i < kPoints; ++i) {
    const double nines = kTenth + (most - kTenth) * i / kPoints;
    const double percent = 100 * (1 - std::pow(10, -nines));
    points.push_back({nines, latency.PercentileUs(percent) / 1000});
  }
  points.push_back({most, static_cast<double>(latency.max_us()) / 1000});
  return points;
}

}  // namespace sqlicorn::loadgen
