// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "loadgen/stats/locust_numbers.h"
#include "loadgen/stats/rounded_times.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// Only the sum of all endpoints with percentiles since the start, or (--csv-full-history) every
// endpoint too and percentiles of the last ten seconds.
enum class HistoryScope { kAggregated, kFull };

// Makes the lines of locust's history file, one call per second.
class HistoryCsv {
 public:
  explicit HistoryCsv(HistoryScope scope) : scope_(scope) {}

  [[nodiscard]] std::string LinesAt(std::int64_t unix_s, std::uint32_t users,
                                    const RunStats& stats);

 private:
  // The counts of all endpoints, and of their sum as the last, at one second.
  struct Snapshot {
    std::int64_t unix_s = 0;
    std::vector<RoundedTimes> times;
  };

  [[nodiscard]] const Snapshot* TenSecondsBefore(std::int64_t unix_s) const;

  HistoryScope scope_;
  std::deque<Snapshot> snapshots_;  // of the run that started at start_unix_us_
  std::int64_t start_unix_us_ = 0;
};

}  // namespace sqlicorn::loadgen
