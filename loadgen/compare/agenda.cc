// SPDX-License-Identifier: MIT
#include "loadgen/compare/agenda.h"

#include <algorithm>
#include <numeric>

#include "loadgen/compare/contrast.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kNarrowEnough = 0.02;  // of a budget without `until`: more rounds are a waste

using Configurations = std::vector<std::size_t>;

bool IsBase(const ComparisonPlan& plan, std::size_t configuration) {
  return configuration == 0 || plan.configurations[configuration].control;
}

std::size_t Compared(const ComparisonPlan& plan) {
  std::size_t compared = 0;
  for (std::size_t i = 0; i < plan.configurations.size(); ++i) {
    compared += IsBase(plan, i) ? 0 : 1;
  }
  return compared;
}

Duration TimeOf(std::size_t runs, const AgendaState& state) {
  return state.per_run * static_cast<Duration::rep>(runs);
}

// Whether `runs` more fit into the budget. The first round is always made.
bool Affordable(const ComparisonPlan& plan, const AgendaState& state, std::size_t runs) {
  return !plan.budget || state.rounds == 0 || state.elapsed + TimeOf(runs, state) <= *plan.budget;
}

std::uint32_t MostRounds(const ComparisonPlan& plan) {
  return plan.budget ? static_cast<std::uint32_t>(kMaxRounds) : plan.rounds;
}

Configurations Runnable(const ComparisonPlan& plan, const AgendaState& state) {
  Configurations runnable(plan.configurations.size());
  std::iota(runnable.begin(), runnable.end(), std::size_t{0});
  std::erase_if(runnable, [&](std::size_t i) { return state.given_up[i]; });
  return runnable;
}

// The widest that can be afforded, with what they are compared to.
Configurations Widest(const ComparisonPlan& plan, const AgendaState& state,
                      const Configurations& runnable) {
  Configurations base;
  Configurations open;
  const double wanted = plan.until.value_or(kNarrowEnough);
  for (const std::size_t i : runnable) {
    if (IsBase(plan, i)) {
      base.push_back(i);
    } else if (state.widths[i] > wanted) {
      open.push_back(i);
    }
  }
  std::stable_sort(open.begin(), open.end(),
                   [&](std::size_t a, std::size_t b) { return state.widths[a] > state.widths[b]; });
  while (!open.empty() && !Affordable(plan, state, base.size() + open.size())) {
    open.pop_back();
  }
  if (open.empty()) {
    return {};
  }
  open.insert(open.end(), base.begin(), base.end());
  std::sort(open.begin(), open.end());
  return open;
}

}  // namespace

std::vector<std::size_t> ConfigurationsOfRound(const ComparisonPlan& plan,
                                               const AgendaState& state) {
  Configurations runnable = Runnable(plan, state);
  const bool adapts = plan.until || plan.budget;
  if (runnable.empty() || state.rounds >= MostRounds(plan)) {
    return {};
  }
  const bool enough = state.rounds >= LeastRounds(Compared(plan)) && Compared(plan) > 0;
  if (adapts && enough) {
    return Widest(plan, state, runnable);
  }
  return Affordable(plan, state, runnable.size()) ? runnable : Configurations();
}

Agenda::Agenda(const ComparisonPlan& plan, std::uint64_t seed)
    : plan_(plan), order_(PlanOrder(plan.configurations.size(), MostRounds(plan), seed)) {}

std::vector<PlanStep> Agenda::NextRound(const AgendaState& state) {
  const Configurations wanted = ConfigurationsOfRound(plan_, state);
  const std::size_t size = plan_.configurations.size();
  std::vector<PlanStep> round;
  for (std::size_t i = 0; i < size && !wanted.empty(); ++i) {
    const PlanStep step = order_[state.rounds * size + i];
    if (std::find(wanted.begin(), wanted.end(), step.configuration) != wanted.end()) {
      round.push_back(step);
    }
  }
  steps_.insert(steps_.end(), round.begin(), round.end());
  return round;
}

std::size_t Agenda::ExpectedRuns(const AgendaState& state) const {
  if (!plan_.budget) {
    const auto given_up =
        static_cast<std::size_t>(std::count(state.given_up.begin(), state.given_up.end(), true));
    const std::size_t rounds_left =
        plan_.rounds - (steps_.empty() ? 0 : std::min(plan_.rounds, steps_.back().round + 1));
    return steps_.size() + rounds_left * (plan_.configurations.size() - given_up);
  }
  const Duration left = std::max(*plan_.budget - state.elapsed, Duration::zero());
  const auto more = state.per_run > Duration::zero()
                        ? static_cast<std::size_t>(left / state.per_run)
                        : std::size_t{0};
  return steps_.size() + more;
}

}  // namespace sqlicorn::loadgen
