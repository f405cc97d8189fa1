// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "loadgen/stats/time_series.h"

namespace sqlicorn::loadgen {

// One configuration over time, all its rounds laid over each other.
struct TimeLine {
  std::string name;
  std::size_t series = 0;  // its look
  const TimeSeries* seconds = nullptr;
  std::size_t rounds = 1;
  double duration_s = 0;  // of a round
};

// A small chart for each: requests and failures per second above, median, p99 and maximum of each
// tenth of a second or more below. All have the same axes, so that they can be compared. "" when
// there is nothing.
[[nodiscard]] std::string HtmlOf(const std::string& caption, const std::vector<TimeLine>& lines);

// What is drawn of one span of time. Rates are of a round; the last span may not have been whole.
struct TimePointNumbers {
  double at_s = 0;  // its middle
  double ok_per_s = 0;
  double failures_per_s = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

[[nodiscard]] std::vector<TimePointNumbers> PointsOf(const TimeLine& line);

}  // namespace sqlicorn::loadgen
