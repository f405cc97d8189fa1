// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loadgen/stats/objective.h"

namespace sqlicorn::loadgen {

// One rate that was tried on the way to the greatest one.
struct MaxStep {
  double rate = 0;              // per second
  std::optional<double> value;  // of the objective's metric
  bool met = false;
  // Why it is not met whatever the value: the measurement cannot be believed, or requests failed.
  std::vector<std::string> against;
};

// What --find-max found: the objective, and the rates around where it ceases to be met.
struct FoundMax {
  std::string scenario;
  std::string host;
  Objective objective;
  std::optional<double> met;  // none = at no rate
  std::optional<double> missed;
  std::vector<MaxStep> steps;
};

}  // namespace sqlicorn::loadgen
