// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/clock.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/plan/plan_order.h"

namespace sqlicorn::loadgen {

// What is known before a round begins.
struct AgendaState {
  std::uint32_t rounds = 0;  // done
  Duration elapsed{};        // since the comparison began
  Duration per_run{};        // that a run has taken, on average
  // By configuration: half the width of the interval of its ratio, as a share of the ratio;
  // infinite where there is none. What stands for the first and for the control does not matter.
  std::vector<double> widths;
  std::vector<bool> given_up;  // by configuration: it cannot be run
};

// Which configurations the next round has, rising; none when the comparison is over. Without
// `until` and `budget` every round has all. With them, once there are rounds enough for intervals,
// only those whose interval is still too wide, and the first and the control that they are compared
// to; where the rest of the budget is too short for all of them, the widest. Looks at widths and
// never at what the ratios are, because stopping as soon as a difference shows makes one of every
// accident.
[[nodiscard]] std::vector<std::size_t> ConfigurationsOfRound(const ComparisonPlan& plan,
                                                             const AgendaState& state);

// The steps of a comparison, decided round by round.
class Agenda {
 public:
  // `plan` outlives the agenda.
  Agenda(const ComparisonPlan& plan, std::uint64_t seed);

  // None when it is over.
  [[nodiscard]] std::vector<PlanStep> NextRound(const AgendaState& state);

  // All until now.
  [[nodiscard]] const std::vector<PlanStep>& steps() const { return steps_; }

  // How many runs there will be, as far as that can be known: at least the steps until now.
  [[nodiscard]] std::size_t ExpectedRuns(const AgendaState& state) const;

 private:
  const ComparisonPlan& plan_;
  std::vector<PlanStep> order_;  // of all rounds that there may be
  std::vector<PlanStep> steps_;
};

}  // namespace sqlicorn::loadgen
