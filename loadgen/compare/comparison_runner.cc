// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison_runner.h"

#include <filesystem>
#include <optional>
#include <utility>
#include <variant>

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

ComparisonRunner::ComparisonRunner(const RunSetup& setup, std::string directory,
                                   ComparisonObserver* observer)
    : setup_(setup),
      directory_(std::move(directory)),
      observer_(observer),
      turn_(setup.loop, [this] { std::exchange(next_, nullptr)(); }),
      given_up_(setup.plan.configurations.size(), false) {}

void ComparisonRunner::Start() {
  Later([this] { Check(); });
}

void ComparisonRunner::Later(std::function<void()> next) {
  next_ = std::move(next);
  turn_.Start(Duration::zero());
}

// What a command makes of its arguments only its start shows.
void ComparisonRunner::Check() {
  const auto& configurations = setup_.plan.configurations;
  while (checked_ < configurations.size() && configurations[checked_].command) {
    ++checked_;
  }
  if (checked_ == configurations.size()) {
    check_.reset();
    if (mistakes_.empty()) {
      Prepare();
    } else {
      End(Error{mistakes_});
    }
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
    mistakes_ += mistakes_.empty() ? "" : "\n";
    mistakes_ += status.error()
                     .In(fmt::format("configuration '{}'", configuration.name))
                     .In(PlaceOf(status.error(), setup_.plan, configuration).ToString())
                     .message;
  }
  ++checked_;
  observer_->OnChecked(checked_, setup_.plan.configurations.size());
  Check();
}

void ComparisonRunner::Prepare() {
  if (!setup_.plan.database) {
    Rehearse();
    return;
  }
  preparation_ = std::make_unique<DatabasePreparation>(setup_, directory_,
                                                       [this](const Result<std::string>& path) {
                                                         Later([this, path] {
                                                           preparation_.reset();
                                                           if (!path) {
                                                             End(path.error());
                                                             return;
                                                           }
                                                           setup_.prepared = *path;
                                                           Rehearse();
                                                         });
                                                       });
  preparation_->Start();
}

void ComparisonRunner::Rehearse() {
  rehearsal_ = std::make_unique<AuditRehearsal>(setup_, directory_, [this](const Status& status) {
    Later([this, status] {
      rehearsal_.reset();
      if (status) {
        Next();
      } else {
        End(status);
      }
    });
  });
  rehearsal_->Start();
}

void ComparisonRunner::Next() {
  while (done_ < round_.size() && given_up_[round_[done_].configuration]) {
    ++done_;
  }
  if (done_ == round_.size() && !interrupted_) {
    round_ = observer_->NextRound(given_up_);
    done_ = 0;
  }
  if (round_.empty() || interrupted_) {
    End(interrupted_ ? Status(Error{"interrupted"}) : Status());
    return;
  }
  const PlanStep step = round_[done_];
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
  const PlanStep step = round_[done_];
  if (!status) {
    const PlanConfiguration& configuration = setup_.plan.configurations[step.configuration];
    TellGivenUp(*run);
    End(status.error().In(
        fmt::format("configuration '{}', round {}", configuration.name, step.round + 1)));
    return;
  }
  std::variant<MeasuredRun, FailedRun> result = run->TakeResult();
  if (const auto* failed = std::get_if<FailedRun>(&result)) {
    given_up_[step.configuration] = !failed->began;
    observer_->OnRunFailed(*failed);
  } else if (observer_->OnRunMeasured(std::get<MeasuredRun>(std::move(result))) ==
             ComparisonObserver::Files::kRemove) {
    std::error_code ignored;
    std::filesystem::remove_all(run_directory_, ignored);
  }
  ++done_;
  Next();
}

void ComparisonRunner::TellGivenUp(const ConfigurationRun& run) {
  if (const std::optional<FailedRun> begun = run.Unfinished()) {
    observer_->OnRunGivenUp(*begun);
  }
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
  if (run_) {
    TellGivenUp(*run_);
  }
  run_.reset();
  End(Error{"interrupted"});
}

void ComparisonRunner::End(const Status& status) {
  ended_ = true;
  turn_.Stop();
  check_.reset();
  preparation_.reset();
  rehearsal_.reset();
  observer_->OnComparisonEnded(status);
}

}  // namespace sqlicorn::loadgen
