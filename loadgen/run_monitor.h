// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/command_line.h"
#include "loadgen/report/console.h"
#include "loadgen/report/csv_files.h"
#include "loadgen/report/live_json.h"
#include "loadgen/report/progress_line.h"
#include "loadgen/run/runner.h"
#include "loadgen/web_view.h"

namespace sqlicorn::loadgen {

// What a run shows while it lasts: locust's log lines, its table every two seconds or, on a
// terminal, a live line, and the csv files every second. Stops the loop when the run is over.
class RunMonitor final : public RunObserver {
 public:
  RunMonitor(Loop& loop, const RunFlags& flags, const RunOptions& options, Console* console);

  // Begins to watch `runner`, which outlives the loop's run, and writes the first csv files.
  [[nodiscard]] Status Open(const Runner& runner);

  // Shows the run at this address too; the error is that it is not to be had. REQUIRES: Open.
  [[nodiscard]] Status Serve(const SocketAddress& address);

  // Writes the last csv files. The first error in writing any of them, now or before.
  [[nodiscard]] Status Finish(const RunStats& stats);

 private:
  void OnAllSpawned() override;
  void OnStatsReset() override;
  void OnStopping(StopReason reason) override;
  void OnFinished() override;

  // What one of the views has shown last: the rate "now" is since then.
  struct Shown {
    std::uint64_t requests = 0;
    Duration at = Duration::zero();
  };

  [[nodiscard]] Progress ProgressSince(Shown* shown) const;
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
  Shown on_terminal_;
  Shown on_page_;
  LiveState state_ = LiveState::kRunning;
  std::unique_ptr<WebView> web_;
  Timer table_timer_;
  Timer live_timer_;
  Timer csv_timer_;
};

}  // namespace sqlicorn::loadgen
