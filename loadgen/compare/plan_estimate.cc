// SPDX-License-Identifier: MIT
#include "loadgen/compare/plan_estimate.h"

#include <algorithm>

namespace sqlicorn::loadgen {
namespace {

constexpr double kGuessedOverheadSeconds = 1;
constexpr double kNearlyDone = 0.99;

}  // namespace

PlanEstimate EstimatePlan(const PlanPosition& position) {
  if (position.done >= position.runs) {
    return {1, Duration::zero()};
  }
  const auto done = static_cast<double>(position.done);
  const auto runs = static_cast<double>(position.runs);
  const double per_run = position.done > 0
                             ? ToSeconds(position.done_time) / done
                             : ToSeconds(position.load_time) + kGuessedOverheadSeconds;
  const double of_run =
      per_run > 0 ? std::min(ToSeconds(position.run_elapsed) / per_run, kNearlyDone) : 0;
  return {(done + of_run) / runs, FromSeconds((runs - done - of_run) * per_run)};
}

}  // namespace sqlicorn::loadgen
