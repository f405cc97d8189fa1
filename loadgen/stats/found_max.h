// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loadgen/stats/objective.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// One rate that was tried on the way to the greatest one.
struct MaxStep {
  double rate = 0;              // per second
  std::optional<double> value;  // of the objective's metric
  bool met = false;
  // Why it is not met whatever the value: the measurement cannot be believed, or requests failed.
  std::vector<std::string> against;
  // The value is met, and it was the generator or the machine that did not keep to the rate: this
  // says nothing of the server.
  bool untold = false;
};

// What a run at `rate` says of the objective.
[[nodiscard]] MaxStep StepOf(double rate, const Objective& objective, const RunResult& result);

// What --find-max found: the objective, and the rates around where it ceases to be met.
struct FoundMax {
  std::string scenario;
  std::string host;
  Objective objective;
  std::optional<double> met;  // none = at no rate
  std::optional<double> missed;
  bool untold = false;  // at `missed`, see MaxStep
  std::vector<MaxStep> steps;
};

}  // namespace sqlicorn::loadgen
