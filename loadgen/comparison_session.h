// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/compare/comparison_runner.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/report/console.h"
#include "loadgen/server/core_share.h"

// What the commands that start servers have in common.
namespace sqlicorn::loadgen {

// The program of the server: `wanted`, or the one beside this program where that is "".
[[nodiscard]] Result<std::string> FindServerProgram(const std::string& wanted);

// Takes a core for this process and leaves the others to the servers of the plan, where that can be
// done, and says so.
[[nodiscard]] CoreShare TakeCore(const ComparisonPlan& plan, Pinning pinning, Console* console);

// Interrupts the comparison on a signal, the second time without waiting.
class InterruptOnSignals {
 public:
  // Both outlive this.
  InterruptOnSignals(Loop& loop, ComparisonRunner& runner);

  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  void Interrupt();

  ComparisonRunner& runner_;
  bool interrupted_ = false;
  SignalWatcher interrupt_;
  SignalWatcher terminate_;
  SignalWatcher hang_up_;
};

// What is left to do is short and cleans up: a signal must not end it half way.
void BlockSignals();

}  // namespace sqlicorn::loadgen
