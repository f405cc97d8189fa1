// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison_runner.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

// The server names a setting of the plan as the flag it came in; the rest is in its file.
Place PlaceOf(const Error& error, const ComparisonPlan& plan,
              const PlanConfiguration& configuration) {
  for (const PlanSetting& setting : configuration.settings) {
    if (error.message.find("--set " + setting.key + ":") != std::string::npos) {
      return setting.place;
    }
  }
  return plan.server_place;
}

}  // namespace

ComparisonRunner::ComparisonRunner(const RunSetup& setup, std::vector<PlanStep> order,
                                   std::string directory, ComparisonObserver* observer)
    : setup_(setup),
      order_(std::move(order)),
      directory_(std::move(directory)),
      observer_(observer),
      turn_(setup.loop, [this] { std::exchange(next_, nullptr)(); }) {}

void ComparisonRunner::Start() {
  Later([this] { Check(); });
}

void ComparisonRunner::Later(std::function<void()> next) {
  next_ = std::move(next);
  turn_.Start(Duration::zero());
}

void ComparisonRunner::Check() {
  if (checked_ == setup_.plan.configurations.size()) {
    check_.reset();
    Next();
    return;
  }
  ProgramRun::Command command;
  command.argv =
      ServerArguments(setup_, setup_.plan.configurations[checked_], directory_ + "/check-");
  command.argv.emplace_back("--check-config");
  command.stdout_path = directory_ + fmt::format("/check-{}.out", checked_);
  command.stderr_path = directory_ + fmt::format("/check-{}.log", checked_);
  check_ = std::make_unique<ProgramRun>(setup_.loop, std::move(command), [this](const Status& ok) {
    Later([this, ok] { OnChecked(ok); });
  });
  if (const Status started = check_->Start(); !started) {
    End(started);
  }
}

void ComparisonRunner::OnChecked(const Status& status) {
  if (!status) {
    const PlanConfiguration& configuration = setup_.plan.configurations[checked_];
    End(status.error()
            .In(fmt::format("configuration '{}'", configuration.name))
            .In(PlaceOf(status.error(), setup_.plan, configuration).ToString()));
    return;
  }
  ++checked_;
  Check();
}

void ComparisonRunner::Next() {
  if (done_ == order_.size() || interrupted_) {
    End(done_ == order_.size() ? Status() : Status(Error{"interrupted"}));
    return;
  }
  const PlanStep step = order_[done_];
  const std::string& name = setup_.plan.configurations[step.configuration].name;
  run_directory_ = fmt::format("{}/round-{}-{}", directory_, step.round + 1, name);
  run_ = std::make_unique<ConfigurationRun>(
      setup_, step, run_directory_,
      [this](const Status& status) { Later([this, status] { OnRunEnded(status); }); });
  observer_->OnRunStarted(step);
  run_->Start();
}

void ComparisonRunner::OnRunEnded(const Status& status) {
  const std::unique_ptr<ConfigurationRun> run = std::move(run_);
  if (!status) {
    const PlanStep step = order_[done_];
    const PlanConfiguration& configuration = setup_.plan.configurations[step.configuration];
    End(status.error().In(
        fmt::format("configuration '{}', round {}", configuration.name, step.round + 1)));
    return;
  }
  if (observer_->OnRunMeasured(run->TakeResult()) == ComparisonObserver::Files::kRemove) {
    std::error_code ignored;
    std::filesystem::remove_all(run_directory_, ignored);
  }
  ++done_;
  Next();
}

void ComparisonRunner::Interrupt() {
  if (ended_) {
    return;
  }
  if (run_ && !interrupted_) {
    interrupted_ = true;
    run_->Interrupt();
    return;
  }
  run_.reset();
  End(Error{"interrupted"});
}

void ComparisonRunner::End(const Status& status) {
  ended_ = true;
  turn_.Stop();
  check_.reset();
  observer_->OnComparisonEnded(status);
}

}  // namespace sqlicorn::loadgen
