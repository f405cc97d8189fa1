// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/command_line.h"
#include "loadgen/report/console.h"
#include "loadgen/report/csv_files.h"
#include "loadgen/run/runner.h"

namespace sqlicorn::loadgen {

// What a run shows while it lasts: locust's log lines, its table every two seconds or, on a
// terminal, a live line, and the csv files every second. Stops the loop when the run is over.
class RunMonitor final : public RunObserver {
 public:
  RunMonitor(Loop& loop, const RunFlags& flags, const RunOptions& options, Console* console);

  // Begins to watch `runner`, which outlives the loop's run, and writes the first csv files.
  [[nodiscard]] Status Open(const Runner& runner);

  // Writes the last csv files. The first error in writing any of them, now or before.
  [[nodiscard]] Status Finish(const RunStats& stats);

 private:
  void OnAllSpawned() override;
  void OnStatsReset() override;
  void OnStopping(StopReason reason) override;
  void OnFinished() override;

  void PrintTable();
  void ShowLive();
  void WriteCsv();
  void Keep(const Status& status);

  Loop& loop_;
  Console* console_;
  RunOptions options_;
  bool periodic_table_;
  std::optional<CsvFiles> csv_;
  std::optional<Error> csv_error_;
  const Runner* runner_ = nullptr;
  std::uint64_t shown_requests_ = 0;
  Duration shown_at_ = Duration::zero();
  Timer table_timer_;
  Timer live_timer_;
  Timer csv_timer_;
};

}  // namespace sqlicorn::loadgen
