// SPDX-License-Identifier: MIT
#include "loadgen/run_monitor.h"

#include <algorithm>

#include <fmt/format.h>

#include "loadgen/report/live_text.h"
#include "loadgen/report/locust_console.h"
#include "loadgen/stats/locust_numbers.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kTablePeriod = std::chrono::seconds(2);
constexpr Duration kCsvPeriod = std::chrono::seconds(1);
constexpr Duration kLivePeriod = std::chrono::milliseconds(250);

}  // namespace

RunMonitor::RunMonitor(Loop& loop, const RunFlags& flags, const RunOptions& options,
                       Console* console)
    : loop_(loop),
      console_(console),
      options_(options),
      periodic_table_(!flags.only_summary && !Console::IsTerminal()),
      table_timer_(loop, [this] { PrintTable(); }),
      live_timer_(loop, [this] { ShowLive(); }),
      csv_timer_(loop, [this] { WriteCsv(); }) {
  if (!flags.csv_prefix.empty()) {
    csv_.emplace(flags.csv_prefix,
                 flags.csv_full_history ? HistoryScope::kFull : HistoryScope::kAggregated);
  }
}

Status RunMonitor::Open(const Runner& runner) {
  runner_ = &runner;
  if (csv_) {
    if (Status opened = csv_->Open(runner.stats()); !opened) {
      return opened;
    }
    csv_timer_.Start(Duration::zero(), kCsvPeriod);
  }
  if (periodic_table_) {
    table_timer_.Start(Duration::zero(), kTablePeriod);
  }
  if (Console::IsTerminal()) {
    live_timer_.Start(kLivePeriod, kLivePeriod);
  }
  return {};
}

Status RunMonitor::Finish(const RunStats& stats) {
  if (csv_) {
    Keep(csv_->WriteTables(stats));
  }
  return csv_error_ ? Status(*csv_error_) : Status();
}

void RunMonitor::OnAllSpawned() {
  console_->Log(
      LogLevel::kInfo, "runners",
      fmt::format("All users spawned: {{\"User\": {0}}} ({0} total users)", options_.users));
}

void RunMonitor::OnStatsReset() {
  console_->Log(LogLevel::kInfo, "runners", "Resetting stats");
}

void RunMonitor::OnStopping(StopReason reason) {
  if (reason == StopReason::kRunTime) {
    console_->Log(LogLevel::kInfo, "main", "--run-time limit reached, shutting down");
  } else if (reason == StopReason::kReplayed) {
    console_->Log(LogLevel::kInfo, "main", "The log has been sent, shutting down");
  }
}

void RunMonitor::OnFinished() {
  console_->ShowLive("");
  state_ = LiveState::kEnded;
  if (web_) {
    web_->Publish();
  }
  loop_.Stop();
}

void RunMonitor::PrintTable() {
  console_->Print(StatsTable(MakeLocustTable(runner_->stats(), LocustRates::kCurrent), 80));
}

Progress RunMonitor::ProgressSince(Shown* shown) const {
  const EndpointStats all = runner_->stats().Aggregated();
  const Duration now = runner_->elapsed();
  Progress progress;
  progress.elapsed_s = ToSeconds(now);
  if (options_.run_time) {
    progress.run_time_s = ToSeconds(*options_.run_time);
  }
  progress.users = runner_->user_count();
  progress.requests = all.requests;
  progress.failures = all.failures;
  progress.p50_ms = all.latency.PercentileUs(50) / 1000;
  progress.p99_ms = all.latency.PercentileUs(99) / 1000;
  if (all.requests >= shown->requests && now > shown->at) {
    progress.requests_per_s =
        static_cast<double>(all.requests - shown->requests) / ToSeconds(now - shown->at);
  }
  *shown = {all.requests, now};
  return progress;
}

Status RunMonitor::Serve(const SocketAddress& address) {
  auto web = WebView::Open(loop_, address, [this] {
    return LiveJson(state_, ProgressSince(&on_page_), runner_->stats());
  });
  if (!web) {
    return web.error();
  }
  web_ = *std::move(web);
  console_->Log(LogLevel::kInfo, "main", fmt::format("Live page at {}", web_->url()));
  return {};
}

void RunMonitor::ShowLive() {
  const int columns = Console::Columns() - 1;
  console_->ShowLive(ProgressLine(ProgressSince(&on_terminal_), columns) +
                     LiveLines(runner_->stats(), static_cast<std::size_t>(std::max(0, columns)),
                               Console::KnownGlyphs()));
}

void RunMonitor::WriteCsv() {
  Keep(csv_->WriteTables(runner_->stats()));
  Keep(csv_->AppendHistory(runner_->user_count(), runner_->stats()));
}

void RunMonitor::Keep(const Status& status) {
  if (!status && !csv_error_) {
    csv_error_ = status.error();
    console_->Log(LogLevel::kError, "main", csv_error_->message);
  }
}

}  // namespace sqlicorn::loadgen
