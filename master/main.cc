// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process_title.h"
#include "common/config/server_config.h"
#include "master/arbiter.h"
#include "master/command_line.h"
#include "master/config_loader.h"
#include "master/pidfile.h"
#include "master/preparation.h"
#include "worker/run_query.h"

namespace sqlicorn {
namespace {

ExitCode Fail(const Error& error) {
  fmt::print(stderr, "Error: {}\n", error.message);
  return ExitCode::kError;
}

Status SetUpLog(const ServerSettings& settings) {
  const auto level = ParseLogLevel(settings.loglevel);
  if (!level) {
    return level.error();
  }
  SetLogLevel(*level);
  return SetLogTarget(settings.errorlog);
}

ExitCode Check(const ServerConfig& config) {
  auto signals = SignalQueue::Open();
  if (!signals) {
    return Fail(signals.error());
  }
  const Preparation checked = PrepareDatabase(config, MigrationMode::kCheck, *signals);
  return checked == Preparation::kDone ? ExitCode::kOk : ExitCode::kError;
}

// The order matters: the pid file proves that no other server owns this database before its schema
// is touched, and nothing is bound until every statement has been prepared.
ExitCode Serve(const ServerConfig& config) {
  auto signals = SignalQueue::Open();
  if (!signals) {
    return Fail(signals.error());
  }
  LogInfo("Starting sqlicorn {}", SQLICORN_VERSION);
  std::optional<Pidfile> pidfile;
  if (!config.server.pidfile.empty()) {
    auto created = Pidfile::Create(config.server.pidfile);
    if (!created) {
      return Fail(created.error());
    }
    pidfile.emplace(std::move(*created));
  }
  const Preparation prepared = PrepareDatabase(config, MigrationMode::kApply, *signals);
  if (prepared != Preparation::kDone) {
    return prepared == Preparation::kInterrupted ? ExitCode::kOk : ExitCode::kError;
  }
  auto listeners = Listeners::Bind(config.server);
  if (!listeners) {
    return Fail(listeners.error());
  }
  // Memory of no bytes cannot be had, and gunicorn allows no workers.
  const auto workers = static_cast<std::size_t>(std::max<std::int64_t>(config.server.workers, 1));
  const auto scoreboard = Scoreboard::Create(workers);
  if (!scoreboard) {
    return Fail(scoreboard.error());
  }
  LogInfo("Listening at: {} ({})", listeners->ToString(), getpid());
  SetProcessTitle(fmt::format("sqlicorn: master [{}]", config.server.proc_name));
  return Arbiter({config, *listeners, *signals, *scoreboard}).Run();
}

ExitCode Run(const CommandLine& line) {
  const auto config = LoadConfig(line);
  if (!config) {
    return Fail(config.error());
  }
  if (const Status log = SetUpLog(config->server); !log) {
    return Fail(log.error());
  }
  switch (line.action) {
    case Action::kCheckConfig:
      return Check(*config);
    case Action::kPrintConfig:
      fmt::print("{}", PrintServerConfig(*config));
      return ExitCode::kOk;
    case Action::kPrintPragmas:
      return PrintPragmas(*config);
    case Action::kQuery:
      return RunQuery(*config, line.query);
    case Action::kServe:
      return Serve(*config);
  }
  return ExitCode::kError;
}

ExitCode Main(const std::vector<std::string>& arguments) {
  const auto parsed = ParseCommandLine(arguments);
  if (const auto* end = std::get_if<CommandLineEnd>(&parsed)) {
    if (end->exit_code == ExitCode::kOk) {
      fmt::print("{}", end->text);
    } else {
      fmt::print(stderr, "Error: {}\n", end->text);
    }
    return end->exit_code;
  }
  return Run(std::get<CommandLine>(parsed));
}

}  // namespace
}  // namespace sqlicorn

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    sqlicorn::InitProcessTitle(argc, argv);
    return static_cast<int>(sqlicorn::Main(arguments));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return static_cast<int>(sqlicorn::ExitCode::kError);
  }
}
