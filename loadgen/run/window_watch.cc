// SPDX-License-Identifier: MIT
#include "loadgen/run/window_watch.h"

#include <utility>

namespace sqlicorn::loadgen {

WindowWatch::WindowWatch(Loop& loop, std::uint32_t lag_one_in, std::function<void()> on_standstill)
    : receive_lag_(lag_one_in,
                   [this](Duration lag) {
                     const auto us =
                         std::chrono::duration_cast<std::chrono::microseconds>(lag).count();
                     lag_.Record(static_cast<std::uint64_t>(us));
                   }),
      standstill_(loop, std::move(on_standstill)) {}

void WindowWatch::Begin() {
  lag_.Reset();
  machine_.Begin();
  standstill_.Begin();
}

void WindowWatch::End() {
  standstill_.End();
  machine_.End(&facts_);
}

MeasurementFacts WindowWatch::Facts(const RunStats& stats, const OpenLoop* open_loop) const {
  MeasurementFacts facts = facts_;
  facts.window_s = stats.WindowSeconds();
  facts.requests = stats.requests();
  facts.latency_p99_us = stats.Aggregated().latency.PercentileUs(99);
  facts.standstill_s = ToSeconds(standstill_.longest());
  facts.lag_samples = lag_.count();
  facts.lag_p99_us = lag_.PercentileUs(99);
  if (open_loop != nullptr) {
    facts.timed_sends = open_loop->lateness.count();
    facts.lateness_p99_us = open_loop->lateness.PercentileUs(99);
    facts.due = open_loop->sends + open_loop->never_sent;
    facts.never_sent = open_loop->never_sent;
  }
  return facts;
}

}  // namespace sqlicorn::loadgen
