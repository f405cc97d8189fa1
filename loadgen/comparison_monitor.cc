// SPDX-License-Identifier: MIT
#include "loadgen/comparison_monitor.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "loadgen/plan/plan_order.h"
#include "loadgen/report/live_text.h"
#include "loadgen/report/progress_line.h"

namespace sqlicorn::loadgen {
namespace {

std::string PhaseOf(const ConfigurationRun& run) {
  switch (run.state()) {
    case RunState::kStarting:
    case RunState::kAsking:
      return "starting";
    case RunState::kLoading:
    case RunState::kTelling:
      return "under load";
    case RunState::kBreaking:
    case RunState::kGivingUp:
    case RunState::kStopping:
    case RunState::kAborting:
      return "stopping";
    case RunState::kAuditing:
    case RunState::kEnded:
      break;
  }
  return "audit";
}

}  // namespace

ComparisonMonitor::ComparisonMonitor(Loop& loop, const ComparisonPlan& plan, Agenda& agenda,
                                     Sinks sinks, Console& console)
    : loop_(loop),
      plan_(plan),
      agenda_(agenda),
      sinks_(sinks),
      console_(console),
      checks_(console),
      tick_(loop, [this] { Show(); }) {}

void ComparisonMonitor::Watch(const ComparisonRunner& runner) {
  runner_ = &runner;
  if (Console::IsTerminal()) {
    constexpr Duration kTick = std::chrono::milliseconds(250);
    tick_.Start(kTick, kTick);
  }
}

void ComparisonMonitor::OnRunStarted(PlanStep step) {
  step_ = step;
  run_began_ = Clock::now();
  if (done_ == 0) {
    first_began_ = run_began_;
  }
}

ComparisonObserver::Files ComparisonMonitor::OnRunMeasured(MeasuredRun run) {
  ++done_;
  const std::string& name = plan_.configurations[run.step.configuration].name;
  const RoundNumbers& numbers = sinks_.builder.Add(run);
  sinks_.results.Add(run);
  console_.Print(RunDoneLine(expected_, name, numbers));
  return numbers.measured.audit.clean() && run.complaint.empty() ? Files::kRemove : Files::kKeep;
}

void ComparisonMonitor::OnRunFailed(const FailedRun& run) {
  ++done_;
  ++failed_;
  sinks_.builder.AddFailed(run);
  sinks_.results.Add(run);
  console_.Print(fmt::format("run {}/{}, round {}: {} FAILED: {}{}{}\n", done_, expected_,
                             run.step.round + 1, plan_.configurations[run.step.configuration].name,
                             run.why, run.answered.empty() ? "" : "; ", run.answered));
}

void ComparisonMonitor::OnRunGivenUp(const FailedRun& run) {
  sinks_.builder.AddFailed(run);
  sinks_.results.Add(run);
  console_.Print(fmt::format("run {}/{}, round {}: {} was given up: {}; {}\n", done_ + 1, expected_,
                             run.step.round + 1, plan_.configurations[run.step.configuration].name,
                             run.why, run.answered));
}

AgendaState ComparisonMonitor::StateNow() const {
  AgendaState state;
  state.rounds = rounds_;
  state.elapsed = done_ > 0 ? Clock::now() - first_began_ : Duration::zero();
  state.per_run = done_ > 0 ? state.elapsed / static_cast<Duration::rep>(done_) : Duration::zero();
  state.widths = sinks_.builder.IntervalWidths();
  state.given_up = given_up_;
  return state;
}

std::vector<PlanStep> ComparisonMonitor::NextRound(const std::vector<bool>& given_up) {
  given_up_ = given_up;
  const AgendaState state = StateNow();
  std::vector<PlanStep> round = agenda_.NextRound(state);
  expected_ = agenda_.ExpectedRuns(state);
  ++rounds_;
  return round;
}

void ComparisonMonitor::OnComparisonEnded(const Status& status) {
  status_ = status;
  tick_.Stop();
  console_.ShowLive("");
  loop_.Stop();
}

void ComparisonMonitor::Show() {
  const ConfigurationRun* run = runner_->run();
  if (run == nullptr || !step_) {
    return;
  }
  PlanProgress progress;
  progress.estimate = EstimatePlan({expected_, done_, plan_.warmup + plan_.duration,
                                    run_began_ - first_began_, Clock::now() - run_began_});
  progress.run = done_ + 1;
  progress.runs = expected_;
  progress.configuration = plan_.configurations[step_->configuration].name;
  progress.phase = PhaseOf(*run);
  const RunStats* stats = run->stats();
  if (stats != nullptr && stats->requests() > 0) {
    progress.requests_per_s = stats->PerSecond(stats->requests());
    progress.failure_ratio =
        static_cast<double>(stats->failures()) / static_cast<double>(stats->requests());
  }
  const int columns = Console::Columns() - 1;
  std::string lines = PlanProgressLine(progress, columns);
  if (stats != nullptr) {
    lines +=
        LiveLines(*stats, static_cast<std::size_t>(std::max(0, columns)), Console::KnownGlyphs());
  }
  console_.ShowLive(lines);
}

}  // namespace sqlicorn::loadgen
