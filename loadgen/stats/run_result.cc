// SPDX-License-Identifier: MIT
#include "loadgen/stats/run_result.h"

#include <cmath>

namespace sqlicorn::loadgen {
namespace {

double ToMs(double us) {
  return std::round(us) / 1000;
}

}  // namespace

LatencySummary Summarize(const Histogram& latency) {
  LatencySummary summary;
  summary.avg_ms = ToMs(latency.MeanUs());
  summary.min_ms = ToMs(static_cast<double>(latency.min_us()));
  summary.max_ms = ToMs(static_cast<double>(latency.max_us()));
  summary.median_ms = ToMs(latency.PercentileUs(50));
  for (std::size_t i = 0; i < kReportPercents.size(); ++i) {
    summary.percentiles_ms[i] = ToMs(latency.PercentileUs(kReportPercents[i]));
  }
  return summary;
}

}  // namespace sqlicorn::loadgen
