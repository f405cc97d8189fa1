// SPDX-License-Identifier: MIT
#include "loadgen/compare/configuration_run.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "common/base/socket_address.h"

namespace sqlicorn::loadgen {
namespace {

RunOptions LoadOptions(const RunSetup& setup, PlanStep step, std::uint16_t port) {
  RunOptions options;
  options.host = fmt::format("http://127.0.0.1:{}", port);
  options.users = setup.plan.users;
  options.spawn_rate = setup.plan.users;  // all at once: a ramp is no part of a measurement
  options.run_time = setup.plan.duration;
  options.warmup = setup.plan.warmup;
  options.stop_timeout = std::chrono::seconds(60);
  options.seed = setup.seed + step.round;  // the same draws for every configuration of a round
  return options;
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
      why_not_audited_(setup.plan.audit.empty() ? "" : WhyNotAudited(setup.scenario)),
      turn_(setup.loop, [this] { std::exchange(next_, nullptr)(); }) {}

void ConfigurationRun::Start() {
  Later(&ConfigurationRun::StartServer);
}

void ConfigurationRun::Later(Step step) {
  next_ = [this, step] { (this->*step)(); };
  turn_.Start(Duration::zero());
}

void ConfigurationRun::StartServer() {
  std::error_code error;
  if (!std::filesystem::create_directory(directory_, error)) {
    Fail(SystemError(fmt::format("cannot make the directory '{}'", directory_), error.value()));
    return;
  }
  const Result<std::uint16_t> port = FreePort();
  if (!port) {
    Fail(port.error());
    return;
  }
  ServerObserver* observer = this;
  server_ = std::make_unique<ServerProcess>(
      setup_.loop, ServerCommand(setup_, configuration(), directory_, *port), observer);
  if (const Status started = server_->Start(); !started) {
    Fail(started.error());
    return;
  }
  RunObserver* load_observer = this;
  runner_ = std::make_unique<Runner>(setup_.loop, setup_.scenario,
                                     LoadOptions(setup_, step_, *port), load_observer);
}

void ConfigurationRun::OnServerReady() {
  state_ = State::kAsking;
  Later(&ConfigurationRun::AskPragmas);
}

void ConfigurationRun::AskPragmas() {
  Ask("pragmas", {"--print-pragmas"}, &ConfigurationRun::TakePragmas);
}

// Puts one question to the server's program, with the configuration of the server. The answer goes
// to <name>.json, what is wrong to <name>.log.
void ConfigurationRun::Ask(const std::string& name, const std::vector<std::string>& question,
                           Step then) {
  ProgramRun::Command command;
  command.argv = ServerArguments(setup_, configuration(), directory_);
  command.argv.insert(command.argv.end(), question.begin(), question.end());
  command.stdout_path = FileOf(name + ".json");
  command.stderr_path = FileOf(name + ".log");
  const bool asks_audit = question.front() == "--query";
  question_ = std::make_unique<ProgramRun>(
      setup_.loop, std::move(command), [this, asks_audit, then](const Status& status) {
        if (status.ok()) {
          Later(then);
        } else {
          Fail(asks_audit ? status.error().In(setup_.plan.audit_place.ToString()) : status.error());
        }
      });
  if (const Status started = question_->Start(); !started) {
    Fail(started.error());
  }
}

void ConfigurationRun::TakePragmas() {
  Result<Pragmas> pragmas = ReadPragmas(FileOf("pragmas.json"));
  if (!pragmas) {
    Fail(pragmas.error());
    return;
  }
  pragmas_ = *std::move(pragmas);
  if (!audits()) {
    StartLoad();
  } else {
    Ask("rows-before", {"--query", setup_.plan.audit}, &ConfigurationRun::TakeRowsBefore);
  }
}

void ConfigurationRun::TakeRowsBefore() {
  const Status read =
      ReadRows(FileOf("rows-before.json"), [this](std::string_view) { ++rows_before_; });
  if (!read) {
    Fail(read.error());
    return;
  }
  StartLoad();
}

void ConfigurationRun::StartLoad() {
  if (const Status started = runner_->Start(); !started) {
    Fail(started.error());
    return;
  }
  state_ = State::kLoading;
  OnStatsReset();
}

void ConfigurationRun::OnStatsReset() {
  costs_ = CostsOf(server_->pid(), directory_);
  turns_before_.reset();
  AskTurns([this](std::optional<WriteTurns> turns) { turns_before_ = std::move(turns); });
}

// A server that does not tell costs the report some columns, not the run.
void ConfigurationRun::AskTurns(std::function<void(std::optional<WriteTurns>)> take) {
  const auto socket = SocketAddress::Unix(ControlSocketIn(directory_));
  if (!socket) {
    take(std::nullopt);
    return;
  }
  turns_question_ = std::make_unique<ControlQuestion>(
      setup_.loop, *socket, "show histograms",
      [take = std::move(take)](const Result<std::string>& reply) {
        Result<WriteTurns> turns = reply ? ParseWriteTurns(*reply) : reply.error();
        take(turns ? std::make_optional(*std::move(turns)) : std::nullopt);
      });
  turns_question_->Start();
}

// The server counts the writes of late answers too.
void ConfigurationRun::AskTurnsAfter() {
  AskTurns([this](const std::optional<WriteTurns>& after) {
    if (after && turns_before_) {
      turns_ = after->Since(*turns_before_);
    }
    Later(&ConfigurationRun::StopServer);
  });
}

void ConfigurationRun::OnStopping(StopReason) {
  const auto costs = server_->running() ? CostsOf(server_->pid(), directory_) : std::nullopt;
  costs_ = costs && costs_ ? std::make_optional(CostsSince(*costs, *costs_)) : std::nullopt;
}

void ConfigurationRun::OnFinished() {
  state_ = State::kLoaded;
  database_bytes_ = SizeOf(FileOf("sqlicorn.db"));
  wal_bytes_ = SizeOf(FileOf("sqlicorn.db-wal"));
  Later(failure_ ? &ConfigurationRun::StopServer : &ConfigurationRun::AskTurnsAfter);
}

void ConfigurationRun::StopServer() {
  state_ = State::kStopping;
  if (!failure_) {
    measured_ = MeasuredRun{step_,  runner_->result(), pragmas_,  Audit(), "", std::move(turns_),
                            costs_, database_bytes_,   wal_bytes_};
  }
  if (server_ != nullptr && server_->running()) {
    server_->Stop();
  } else {
    Later(&ConfigurationRun::End);
  }
}

void ConfigurationRun::OnServerEnded(const Status& status) {
  if (state_ != State::kStopping) {
    Fail(status.error());
  } else if (failure_) {
    Later(&ConfigurationRun::End);
  } else {
    measured_->complaint = status.ok() ? "" : status.error().message;
    Later(&ConfigurationRun::AskRows);
  }
}

void ConfigurationRun::AskRows() {
  state_ = State::kAuditing;
  if (!audits()) {
    measured_->audit.why_not = why_not_audited_;
    End();
  } else {
    Ask("rows", {"--query", setup_.plan.audit}, &ConfigurationRun::TakeRows);
  }
}

void ConfigurationRun::TakeRows() {
  const AckLedger& ledger = measured_->result.ledger;
  RowTally tally(measured_->result.run_id, ledger.issued());
  const Status read =
      ReadRows(FileOf("rows.json"), [&tally](std::string_view value) { tally.Add(value); });
  if (!read) {
    Fail(read.error());
    return;
  }
  Result<Audit> audit = JudgeRows(setup_.scenario, ledger, tally, rows_before_);
  if (!audit) {
    Fail(audit.error().In(setup_.plan.audit_place.ToString()));
    return;
  }
  measured_->audit = *std::move(audit);
  End();
}

// The first failure counts; what follows from it is no news.
void ConfigurationRun::Fail(const Error& error) {
  if (failure_ || state_ == State::kEnded) {
    return;
  }
  failure_ = error;
  question_.reset();
  turns_question_.reset();
  if (state_ == State::kLoading) {
    runner_->Stop();
    runner_->Stop();  // gives up what is open; OnFinished goes on
  } else {
    Later(&ConfigurationRun::StopServer);
  }
}

void ConfigurationRun::End() {
  state_ = State::kEnded;
  question_.reset();
  const auto on_end = std::move(on_end_);
  on_end(failure_ ? Status(*failure_) : Status());
}

MeasuredRun ConfigurationRun::TakeResult() {
  CHECK(state_ == State::kEnded && !failure_ && measured_);
  return *std::move(measured_);
}

}  // namespace sqlicorn::loadgen
