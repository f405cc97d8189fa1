// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process_title.h"
#include "common/config/server_config.h"
#include "master/command_line.h"
#include "master/config_loader.h"
#include "master/daemon.h"
#include "master/inheritance.h"
#include "master/log_settings.h"
#include "master/preparation.h"
#include "master/program_start.h"
#include "master/serve.h"
#include "worker/run_query.h"

namespace sqlicorn {
namespace {

ExitCode Fail(const Error& error) {
  fmt::print(stderr, "Error: {}\n", error.message);
  return ExitCode::kError;
}

ExitCode Check(const ServerConfig& config) {
  auto signals = SignalQueue::Open();
  if (!signals) {
    return Fail(signals.error());
  }
  const Preparation checked = PrepareDatabase(config, MigrationMode::kCheck, *signals);
  return checked == Preparation::kDone ? ExitCode::kOk : ExitCode::kError;
}

// A second master is in the background already, and the one that started it waits for no report.
bool ToDetach(const ServerConfig& config) {
  return config.server.daemon && std::getenv(kParentVariable) == nullptr;
}

ExitCode ServeAsDaemon(ServerConfig config, const CommandLine& line, const ProgramStart& start) {
  auto launch = LaunchReport::Detach(
      config.server.enable_stdio_inheritance ? DaemonOutput::kInherit : DaemonOutput::kDiscard);
  if (!launch) {
    return Fail(launch.error());
  }
  const ExitCode code = Serve(std::move(config), line, start, &*launch);
  launch->Failed(code);
  return code;
}

ExitCode Run(const CommandLine& line, const ProgramStart& start) {
  auto config = LoadConfig(line);
  if (!config) {
    return Fail(config.error());
  }
  if (const Status log = ApplyLogSettings(config->server); !log) {
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
      return ToDetach(*config) ? ServeAsDaemon(*std::move(config), line, start)
                               : Serve(*std::move(config), line, start, nullptr);
  }
  return ExitCode::kError;
}

ExitCode Main(const ProgramStart& start) {
  const std::vector<std::string> arguments(start.argv.begin() + 1, start.argv.end());
  const auto parsed = ParseCommandLine(arguments);
  if (const auto* end = std::get_if<CommandLineEnd>(&parsed)) {
    if (end->exit_code == ExitCode::kOk) {
      fmt::print("{}", end->text);
    } else {
      fmt::print(stderr, "Error: {}\n", end->text);
    }
    return end->exit_code;
  }
  return Run(std::get<CommandLine>(parsed), start);
}

}  // namespace
}  // namespace sqlicorn

int main(int argc, char** argv) {
  try {
    const auto start = sqlicorn::ProgramStart::Remember(argc, argv);
    sqlicorn::InitProcessTitle(argc, argv);
    return static_cast<int>(sqlicorn::Main(start));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return static_cast<int>(sqlicorn::ExitCode::kError);
  }
}
