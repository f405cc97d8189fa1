// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "common/uv/loop.h"
#include "common/uv/receive_lag.h"
#include "loadgen/run/standstill_watch.h"
#include "loadgen/stats/histogram.h"
#include "loadgen/stats/machine_watch.h"
#include "loadgen/stats/run_stats.h"
#include "loadgen/stats/verdict.h"

namespace sqlicorn::loadgen {

// Looks, beside the requests of a window, at what tells whether they can be believed: the machine,
// how long answers lay unread, and whether the generator itself stood still.
class WindowWatch {
 public:
  // One read of `lag_one_in` is looked at. `on_standstill` is called when one is over.
  WindowWatch(Loop& loop, std::uint32_t lag_one_in, std::function<void()> on_standstill);

  void Begin();
  void End();

  // Of all connections.
  [[nodiscard]] ReceiveLag* receive_lag() { return &receive_lag_; }

  [[nodiscard]] const Histogram& lag() const { return lag_; }

  // After End. `open_loop`: nullptr when there was none.
  [[nodiscard]] MeasurementFacts Facts(const RunStats& stats, const OpenLoop* open_loop) const;

 private:
  MachineWatch machine_;
  MeasurementFacts facts_;  // of the machine
  Histogram lag_;
  ReceiveLag receive_lag_;
  StandstillWatch standstill_;
};

}  // namespace sqlicorn::loadgen
