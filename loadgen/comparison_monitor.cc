// SPDX-License-Identifier: MIT
#include "loadgen/comparison_monitor.h"

#include <string>

#include "loadgen/compare/plan_order.h"
#include "loadgen/report/progress_line.h"

namespace sqlicorn::loadgen {
namespace {

std::string PhaseOf(const ConfigurationRun& run) {
  switch (run.state()) {
    case ConfigurationRun::State::kStarting:
    case ConfigurationRun::State::kAsking:
      return "starting";
    case ConfigurationRun::State::kLoading:
    case ConfigurationRun::State::kLoaded:
      return "under load";
    case ConfigurationRun::State::kStopping:
      return "stopping";
    case ConfigurationRun::State::kAuditing:
    case ConfigurationRun::State::kEnded:
      break;
  }
  return "audit";
}

}  // namespace

ComparisonMonitor::ComparisonMonitor(Loop& loop, const ComparisonPlan& plan,
                                     const std::vector<PlanStep>& order, Sinks sinks,
                                     Console& console)
    : loop_(loop),
      plan_(plan),
      order_(order),
      sinks_(sinks),
      console_(console),
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
  console_.Print(RunDoneLine(order_.size(), name, numbers));
  return numbers.measured.audit.clean() && run.complaint.empty() ? Files::kRemove : Files::kKeep;
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
  progress.estimate = EstimatePlan({order_.size(), done_, plan_.warmup + plan_.duration,
                                    run_began_ - first_began_, Clock::now() - run_began_});
  progress.run = done_ + 1;
  progress.runs = order_.size();
  progress.configuration = plan_.configurations[step_->configuration].name;
  progress.phase = PhaseOf(*run);
  const RunStats* stats = run->stats();
  if (stats != nullptr && stats->requests() > 0) {
    progress.requests_per_s = stats->PerSecond(stats->requests());
    progress.failure_ratio =
        static_cast<double>(stats->failures()) / static_cast<double>(stats->requests());
  }
  console_.ShowLive(PlanProgressLine(progress, Console::Columns()));
}

}  // namespace sqlicorn::loadgen
