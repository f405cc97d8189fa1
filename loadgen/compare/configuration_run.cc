// SPDX-License-Identifier: MIT
#include "loadgen/compare/configuration_run.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/server/port_holder.h"
#include "loadgen/server/scratch_directory.h"

namespace sqlicorn::loadgen {
namespace {

RunOptions LoadOptions(const RunSetup& setup, PlanStep step, std::string host) {
  RunOptions options;
  options.host = std::move(host);
  options.users = setup.plan.users;
  options.spawn_rate = setup.plan.users;  // all at once: a ramp is no part of a measurement
  const std::string rate = step.rate ? fmt::format("{:.3f}", *step.rate) : setup.plan.rate;
  if (!rate.empty()) {
    options.rate = ParseRatePlan(rate).value();  // that of the plan was read before
  }
  options.run_time = step.duration.value_or(setup.plan.duration);
  options.warmup = setup.plan.warmup;
  options.stop_timeout = std::chrono::seconds(60);
  options.seed = setup.seed + step.round;  // the same draws for every configuration of a round
  return options;
}

// "" where there is an audit, or none was asked for.
std::string WhyNot(const RunSetup& setup, const PlanConfiguration& configuration) {
  if (setup.plan.audit.empty() || !configuration.audited) {
    return "";
  }
  const std::string why = WhyNotAudited(setup.scenario);
  return why.empty() ? WhyNotAudited(configuration) : why;
}

// 0 where there is no such file.
std::uint64_t SizeOf(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

}  // namespace

ConfigurationRun::ConfigurationRun(const RunSetup& setup, PlanStep step, std::string directory,
                                   std::function<void(const Status&)> on_end)
    : setup_(setup),
      step_(step),
      directory_(std::move(directory) + "/"),
      on_end_(std::move(on_end)),
      why_not_audited_(WhyNot(setup, configuration())),
      turn_(setup.loop, [this] { (this->*std::exchange(next_, nullptr))(); }) {}

void ConfigurationRun::Start() {
  Later(&ConfigurationRun::Enter);
}

void ConfigurationRun::Later(Step step) {
  next_ = step;
  turn_.Start(Duration::zero());
}

void ConfigurationRun::Go(RunEvent event) {
  const RunState next = StateAfter(state_, event);
  if (next == state_) {
    return;
  }
  state_ = next;
  question_.reset();
  turns_question_.reset();
  answer_check_.reset();
  if (killer_) {
    killed_ += killer_->killed();
    killer_.reset();
  }
  Later(&ConfigurationRun::Enter);
}

void ConfigurationRun::Enter() {
  switch (state_) {
    case RunState::kStarting:
      StartServer();
      break;
    case RunState::kAsking:
      AskPragmas();
      break;
    case RunState::kLoading:
      StartLoad();
      break;
    case RunState::kBreaking:
    case RunState::kGivingUp:
      GiveUpLoad();
      break;
    case RunState::kTelling:
      AskTurnsAfter();
      break;
    case RunState::kStopping:
    case RunState::kAborting:
      StopServer();
      break;
    case RunState::kAuditing:
      AskRows();
      break;
    case RunState::kEnded:
      End();
      break;
  }
}

// Whatever goes wrong then is neither the server's fault nor the plan's, and the next run would
// meet it too.
void ConfigurationRun::LookAtDisk() {
  const std::string where = std::filesystem::path(directory_).parent_path().parent_path();
  if (!mistake_ && IsFull(where)) {
    mistake_ = Error{fmt::format("the disk of '{}' is full", where)};
  }
}

void ConfigurationRun::Fail(const Error& error) {
  LookAtDisk();
  failure_ = failure_.value_or(error);
  Go(RunEvent::kFailed);
}

// What an audit finds is news even where the server had failed before.
void ConfigurationRun::AddFailure(const Error& error) {
  LookAtDisk();
  failure_ = failure_ ? Error{failure_->message + "; " + error.message} : error;
}

void ConfigurationRun::Interrupt() {
  mistake_ = mistake_.value_or(Error{"interrupted"});
  Go(RunEvent::kInterrupted);
}

Status ConfigurationRun::MakeFiles() const {
  std::error_code error;
  if (!std::filesystem::create_directory(directory_, error)) {
    return SystemError(fmt::format("cannot make the directory '{}'", directory_), error.value());
  }
  if (Status written = WriteReader(directory_); !written) {
    return written;
  }
  return setup_.prepared.empty() ? Status() : CopyDatabase(setup_.prepared, FileOf(kDatabaseName));
}

void ConfigurationRun::StartServer() {
  const Result<std::uint16_t> port = FreePort();
  const Status made = port ? MakeFiles() : Status(port.error());
  if (!made) {
    Fail(made.error());
    return;
  }
  port_ = *port;
  if (IsAlreadyRunning(configuration())) {
    Go(RunEvent::kDone);
    return;
  }
  ServerProcess::Command command = ServerCommand(setup_, configuration(), directory_, port_);
  if (const Status open = CheckPortFree(command.port); !open) {
    Fail(open.error());
    return;
  }
  ServerObserver* observer = this;
  server_ = std::make_unique<ServerProcess>(setup_.loop, std::move(command), observer);
  if (const Status started = server_->Start(); !started) {
    Fail(started.error());
  }
}

void ConfigurationRun::OnServerReady() {
  Go(RunEvent::kDone);
}

void ConfigurationRun::StartLoad() {
  RunObserver* observer = this;
  runner_ = std::make_unique<Runner>(
      setup_.loop, setup_.scenario,
      LoadOptions(setup_, step_, UrlOf(configuration(), directory_, port_)), observer);
  if (const Status started = runner_->Start(); !started) {
    runner_.reset();
    Fail(started.error());
    return;
  }
  if (setup_.plan.chaos && server_ != nullptr) {
    killer_ =
        std::make_unique<WorkerKiller>(setup_.loop, server_->pid(), setup_.seed + step_.round);
    killer_->Start();
  }
  OnStatsReset();
}

void ConfigurationRun::OnStatsReset() {
  costs_ = server_ ? CostsOf(server_->pid(), directory_) : std::nullopt;
  turns_before_.reset();
  AskTurns([this](std::optional<WriteTurns> turns) { turns_before_ = std::move(turns); });
}

void ConfigurationRun::OnStopping(StopReason) {
  const bool running = server_ && server_->running();
  const auto costs = running ? CostsOf(server_->pid(), directory_) : std::nullopt;
  if (costs && costs_ && LostRoot(*costs, *costs_)) {
    Fail(Error{"the server died under load\n" + TailOf(FileOf("server.log"))});
  }
  costs_ = costs && costs_ ? CostsSince(*costs, *costs_) : std::nullopt;
}

void ConfigurationRun::OnFinished() {
  LookAtDisk();
  if (WhyNotAudited(configuration()).empty()) {  // else it is nobody's
    database_bytes_ = SizeOf(FileOf(kDatabaseName));
    wal_bytes_ = SizeOf(FileOf(kDatabaseName) + "-wal");
  }
  Go(RunEvent::kDone);
}

// OnFinished follows where there is a load.
void ConfigurationRun::GiveUpLoad() {
  if (runner_ == nullptr) {
    Go(RunEvent::kDone);
    return;
  }
  runner_->Stop();
  runner_->Stop();
}

void ConfigurationRun::StopServer() {
  if (server_ && server_->running()) {
    server_->Stop();
  } else {
    Go(RunEvent::kDone);
  }
}

void ConfigurationRun::OnServerEnded(const Status& status) {
  if (state_ != RunState::kStopping && state_ != RunState::kAborting) {
    Fail(status.error());
    return;
  }
  complaint_ = status.ok() ? "" : status.error().message;
  Go(RunEvent::kDone);
}

void ConfigurationRun::End() {
  const auto on_end = std::move(on_end_);
  on_end(mistake_ ? Status(*mistake_) : Status());
}

std::optional<FailedRun> ConfigurationRun::Unfinished() const {
  CHECK(mistake_);
  if (runner_ == nullptr) {
    return std::nullopt;
  }
  return FailedRun{step_, mistake_->message, {}, true, AnsweredText(runner_->stats())};
}

std::variant<MeasuredRun, FailedRun> ConfigurationRun::TakeResult() {
  CHECK(state_ == RunState::kEnded && !mistake_);
  if (failure_ || runner_ == nullptr) {
    return FailedRun{step_, failure_ ? failure_->message : "", std::move(audit_),
                     runner_ != nullptr, runner_ ? AnsweredText(runner_->stats()) : ""};
  }
  return MeasuredRun{step_,
                     runner_->result(),
                     std::move(pragmas_),
                     std::move(audit_),
                     std::move(complaint_),
                     std::move(turns_),
                     costs_,
                     database_bytes_,
                     wal_bytes_,
                     std::move(answers_),
                     killed_};
}

}  // namespace sqlicorn::loadgen
