// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "loadgen/stats/locust_numbers.h"
#include "loadgen/stats/rounded_times.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// The content of locust's --csv files as Python's csv module writes it (CRLF, quotes only where
// needed).

[[nodiscard]] std::string StatsCsv(const LocustTable& table);
[[nodiscard]] std::string FailuresCsv(const LocustTable& table);

// There are no Python exceptions to list: the header alone.
[[nodiscard]] std::string ExceptionsCsv();

[[nodiscard]] std::string HistoryCsvHeader();

// One line of the history: a row with current rates at a second of unix time.
[[nodiscard]] std::string HistoryCsvLine(std::int64_t unix_s, std::uint32_t users,
                                         const LocustRow& row);

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

// The four files of --csv PREFIX: PREFIX_stats.csv, _stats_history.csv, _failures.csv and
// _exceptions.csv.
class CsvFiles {
 public:
  CsvFiles(std::string prefix, HistoryScope scope);

  // Makes missing folders of the prefix, as locust does, begins the history anew and writes all
  // files, so that a bad prefix shows before the run.
  [[nodiscard]] Status Open(const RunStats& stats);

  // Rewrites all but the history. The error names every file that could not be written, a line
  // each.
  [[nodiscard]] Status WriteTables(const RunStats& stats);

  // Once per second. REQUIRES: Open succeeded.
  [[nodiscard]] Status AppendHistory(std::uint32_t users, const RunStats& stats);

 private:
  std::string prefix_;
  HistoryCsv history_;
};

}  // namespace sqlicorn::loadgen
