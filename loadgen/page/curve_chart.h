// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loadgen/stats/histogram.h"

namespace sqlicorn::loadgen {

// The percentile curve of one configuration.
struct Curve {
  std::string name;
  std::size_t series = 0;  // its look; see SeriesClass
  Histogram latency{};
};

// All curves over each other. Across: 1 / (1 - percentile), so that each further nine takes as much
// room; upwards: milliseconds, both logarithmic. What too few requests carry is drawn faint. Each
// ends at its slowest request, and its name stands there, or in a legend where the page is narrow.
// "" when no curve has a request.
[[nodiscard]] std::string HtmlOf(const std::string& caption, const std::vector<Curve>& curves);

// Points of a curve from p10 on: the logarithm of 1 / (1 - percentile), and milliseconds; the last
// is the maximum. None for an empty histogram.
struct CurvePoint {
  double nines = 0;
  double ms = 0;
};

[[nodiscard]] std::vector<CurvePoint> PointsOf(const Histogram& latency);

}  // namespace sqlicorn::loadgen
