// SPDX-License-Identifier: MIT
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
#include "common/base/process.h"
#include "common/config/config_text.h"
#include "master/process/identity.h"
#include "master/recipe.h"
#include "master/serve.h"
#include "master/sockets/inheritance.h"
#include "master/start/command_line.h"
#include "master/start/config_loader.h"
#include "master/start/daemon.h"
#include "master/start/failed_start.h"
#include "master/start/log_settings.h"
#include "master/start/surroundings.h"
#include "worker/run_query.h"

namespace sqlicorn {
namespace {

// As a worker would: who opens a database may have to create its -shm file.
ExitCode Ask(const ServerConfig& config, const Identity& identity, const CommandLine& line) {
  if (const Status become = identity.Become(); !become) {
    return FailStart(become.error());
  }
  return line.action == Action::kQuery ? RunQuery(config, line.query) : PrintPragmas(config);
}

// What the process itself takes on from the settings.
Status SetUp(const ServerSettings& settings, const Identity& identity, Surroundings& surroundings) {
  if (Status taken = surroundings.TakeOn(settings); !taken) {
    return taken;
  }
  const Status created = CreateLogFiles(settings, identity.owner());
  return created ? ApplyLogSettings(settings) : created;
}

// A second master is in the background already, and the one that started it waits for no report.
bool ToDetach(const ServerConfig& config) {
  return config.server.daemon && std::getenv(kParentVariable) == nullptr;
}

ExitCode ServeAsDaemon(Generation first, const Invocation& invocation) {
  auto launch =
      LaunchReport::Detach(first.config.server.enable_stdio_inheritance ? DaemonOutput::kInherit
                                                                        : DaemonOutput::kDiscard);
  if (!launch) {
    return FailStart(launch.error());
  }
  const ExitCode code = Serve(std::move(first), invocation, &*launch);
  launch->Failed(code);
  return code;
}

ExitCode Run(const CommandLine& line, const ProgramStart& start) {
  auto config = LoadConfig(line, start.directory);
  if (!config) {
    return FailStartForGood(config.error());
  }
  if (line.action == Action::kPrintConfig) {
    fmt::print("{}", PrintServerConfig(*config));
    return ExitCode::kOk;
  }
  auto first = Draft(*std::move(config));
  if (!first) {
    return FailStartForGood(first.error());
  }
  const ServerSettings& settings = first->config.server;
  Surroundings surroundings(start.directory);
  std::optional<NewLogFiles> not_to_stay;
  if (line.action != Action::kServe) {
    not_to_stay.emplace(settings);
  }
  if (const Status set_up = SetUp(settings, first->identity, surroundings); !set_up) {
    return FailStart(set_up.error());
  }
  const Invocation invocation{line, start, surroundings};
  switch (line.action) {
    case Action::kServe:
      return ToDetach(first->config) ? ServeAsDaemon(*std::move(first), invocation)
                                     : Serve(*std::move(first), invocation, nullptr);
    case Action::kCheckConfig:
      return Check(*first, start);
    default:
      return Ask(first->config, first->identity, line);
  }
}

ExitCode Main(const ProgramStart& start) {
  const std::vector<std::string> arguments(start.argv.begin() + 1, start.argv.end());
  const auto parsed = ParseCommandLine(arguments);
  if (const auto* end = std::get_if<CommandLineEnd>(&parsed)) {
    if (end->exit_code == ExitCode::kOk) {
      fmt::print("{}", end->text);
    } else {
      ReportFatal(end->text);
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
