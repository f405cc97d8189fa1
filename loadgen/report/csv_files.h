// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/result.h"
#include "loadgen/report/history_csv.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// The four files of --csv PREFIX: PREFIX_stats.csv, _stats_history.csv, _failures.csv and
// _exceptions.csv. Missing folders are made.
class CsvFiles {
 public:
  CsvFiles(std::string prefix, HistoryScope scope);

  // Begins the history anew and writes all files, so that a bad prefix shows before the run.
  [[nodiscard]] Status Open(const RunStats& stats);

  // Rewrites all but the history.
  [[nodiscard]] Status WriteTables(const RunStats& stats);

  // Once per second. REQUIRES: Open succeeded.
  [[nodiscard]] Status AppendHistory(std::uint32_t users, const RunStats& stats);

 private:
  std::string prefix_;
  HistoryCsv history_;
};

}  // namespace sqlicorn::loadgen
