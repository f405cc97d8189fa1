// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// What a terminal can show.
enum class Glyphs { kBlocks, kAscii };

// How it went, span by span, without the one that is not over.
struct LiveSeries {
  std::vector<double> ok_rates;      // per second
  std::vector<double> failed_rates;  // likewise
  std::vector<double> p99_ms;
};

[[nodiscard]] LiveSeries LiveSeriesOf(const TimeSeries& seconds);

// One character for each of the last `width` values, the greatest of them the highest.
[[nodiscard]] std::string Sparkline(const std::vector<double>& values, std::size_t width,
                                    Glyphs glyphs);

// The lines under the live line of a run, each after a line break and at most `columns` wide: the
// rate and the p99 over the last time, and the failure that occurred most. "" before the first span
// of time is over.
[[nodiscard]] std::string LiveLines(const RunStats& stats, std::size_t columns, Glyphs glyphs);

}  // namespace sqlicorn::loadgen
