// SPDX-License-Identifier: MIT
#include "loadgen/tune_monitor.h"

#include <algorithm>

#include <fmt/format.h>

#include "loadgen/plan/plan_order.h"
#include "loadgen/report/progress_line.h"
#include "loadgen/tune/tune_outcome.h"

namespace sqlicorn::loadgen {
namespace {

std::size_t CountLeft(const HalvingState& state) {
  return static_cast<std::size_t>(
      std::count_if(state.candidates.begin() + 1, state.candidates.end(),
                    [](const CandidateState& candidate) { return candidate.left; }));
}

}  // namespace

TuneMonitor::TuneMonitor(Loop& loop, const ComparisonPlan& plan,
                         const std::vector<Requirement>& requirements, std::uint64_t seed,
                         Console& console)
    : loop_(loop),
      plan_(plan),
      requirements_(requirements),
      console_(console),
      checks_(console),
      builder_(plan, Provenance()),
      order_(PlanOrder(plan.configurations.size(), static_cast<std::uint32_t>(kMaxRounds), seed)),
      began_(Clock::now()) {
  state_.candidates.resize(plan.configurations.size());
}

void TuneMonitor::OnRunStarted(PlanStep) {
  if (runs_ == 0) {
    began_ = Clock::now();
  }
}

ComparisonObserver::Files TuneMonitor::OnRunMeasured(MeasuredRun run) {
  ++runs_;
  const bool clean = run.audit.clean();
  builder_.Add(run);
  return clean ? Files::kRemove : Files::kKeep;
}

// It is not tried again: what fails under load is no recommendation.
void TuneMonitor::OnRunFailed(const FailedRun& run) {
  ++runs_;
  builder_.AddFailed(run);
  state_.candidates[run.step.configuration].left = run.step.configuration == 0;
  console_.Print(
      fmt::format("{} FAILED: {}\n", plan_.configurations[run.step.configuration].name, run.why));
}

void TuneMonitor::Judge(const std::vector<bool>& given_up) {
  for (const ConfigurationNumbers& numbers : builder_.Build().configurations) {
    const auto found =
        std::find_if(plan_.configurations.begin(), plan_.configurations.end(),
                     [&](const PlanConfiguration& one) { return one.name == numbers.name; });
    const auto i = static_cast<std::size_t>(found - plan_.configurations.begin());
    state_.candidates[i].score = ScoreOf(numbers);
    state_.candidates[i].fits = Unmet(requirements_, numbers).empty();
  }
  for (std::size_t i = 1; i < given_up.size(); ++i) {
    state_.candidates[i].left = state_.candidates[i].left && !given_up[i];
  }
  state_.elapsed = runs_ > 0 ? Clock::now() - began_ : Duration::zero();
  state_.per_run =
      runs_ > 0 ? state_.elapsed / static_cast<Duration::rep>(runs_) : Duration::zero();
}

std::vector<PlanStep> TuneMonitor::NextRound(const std::vector<bool>& given_up) {
  if (round_ > 0) {
    ++state_.rounds;
  }
  Judge(given_up);
  const std::size_t before = CountLeft(state_);
  const bool dropped = Halve(&state_);
  if (dropped) {
    console_.Print(
        fmt::format("round {}: {} of {} candidates go on\n", round_, CountLeft(state_), before));
  }
  const std::vector<std::size_t> wanted = RoundOfSearch(state_, *plan_.budget);
  const std::size_t size = plan_.configurations.size();
  std::vector<PlanStep> steps;
  if (wanted.empty() || round_ >= kMaxRounds || (given_up[0] && wanted.size() == 1)) {
    return steps;
  }
  for (std::size_t i = 0; i < size; ++i) {
    const PlanStep step = order_[round_ * size + i];
    if (std::find(wanted.begin(), wanted.end(), step.configuration) != wanted.end()) {
      steps.push_back(step);
    }
  }
  ++round_;
  console_.Print(fmt::format("round {}: {} candidates\n", round_, CountLeft(state_)));
  return steps;
}

void TuneMonitor::OnComparisonEnded(const Status& status) {
  status_ = status;
  loop_.Stop();
}

std::vector<ConfigurationNumbers> TuneMonitor::Finalists() const {
  std::vector<ConfigurationNumbers> finalists;
  for (ConfigurationNumbers& numbers : builder_.Build().configurations) {
    const auto found =
        std::find_if(plan_.configurations.begin(), plan_.configurations.end(),
                     [&](const PlanConfiguration& one) { return one.name == numbers.name; });
    const auto i = static_cast<std::size_t>(found - plan_.configurations.begin());
    if (i == 0 || state_.candidates[i].left) {
      finalists.push_back(std::move(numbers));
    }
  }
  return finalists;
}

}  // namespace sqlicorn::loadgen
