// SPDX-License-Identifier: MIT
#include "loadgen/server/server_command.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/config/toml.h"
#include "common/http/url.h"
#include "loadgen/server/keeper.h"

namespace sqlicorn::loadgen {
namespace {

constexpr const char* kReaderName = "reader.toml";
constexpr const char* kEnv = "/usr/bin/env";  // finds the program and sets what it is to see

std::string Filled(std::string text, const std::string& directory, std::uint16_t port) {
  const std::vector<std::pair<std::string, std::string>> values = {
      {"{port}", fmt::to_string(port)},
      {"{directory}", directory.substr(0, directory.size() - 1)},
      {"{database}", directory + kDatabaseName}};
  for (const auto& [name, value] : values) {
    for (std::size_t at = text.find(name); at != std::string::npos;
         at = text.find(name, at + value.size())) {
      text.replace(at, name.size(), value);
    }
  }
  return text;
}

void AddOwnCommand(const PlanCommand& own, const std::string& directory, std::uint16_t port,
                   ServerProcess::Command* command) {
  command->argv.insert(command->argv.end(), {kEnv, "-C", own.directory});
  for (const std::string& variable : own.environment) {
    command->argv.push_back(Filled(variable, directory, port));
  }
  for (const std::string& argument : own.argv) {
    command->argv.push_back(Filled(argument, directory, port));
  }
  command->stop_signal = own.stop;
  command->may_end_by_signal = true;
  const std::string& where = own.ready_url.empty() ? own.url : own.ready_url;
  if (const Result<Url> ready = SplitUrl(Filled(where, directory, port)); ready) {
    command->port = ready->port;
    command->ready_target = own.ready_url.empty() ? "" : ready->target;
  }
}

Status FlushFile(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return fd && fsync(fd.get()) == 0 ? Status()
                                    : SystemError(fmt::format("cannot flush '{}'", path), errno);
}

}  // namespace

std::string ControlSocketIn(const std::string& directory) {
  const std::string path = directory + "ctl";
  return SocketAddress::Unix(path) ? path : "";
}

std::vector<std::string> ServerArguments(const RunSetup& setup,
                                         const PlanConfiguration& configuration,
                                         const std::string& directory) {
  std::vector<std::string> arguments = {setup.program, "-c", setup.plan.server};
  const auto set = [&](const std::string& key, const std::string& text) {
    arguments.insert(arguments.end(), {"--set", key + "=" + text});
  };
  for (const PlanSetting& setting : configuration.settings) {
    set(setting.key, setting.text);
  }
  // A server of its own: what the file says of these belongs to the one in service.
  set("server.pidfile", TomlString(""));
  set("server.errorlog", TomlString("-"));
  set("server.control_socket", TomlString(ControlSocketIn(directory)));
  set("database.path", TomlString(directory + kDatabaseName));
  return arguments;
}

std::vector<std::string> QuestionArguments(const RunSetup& setup,
                                           const PlanConfiguration& configuration,
                                           const std::string& directory) {
  if (!configuration.command) {
    return ServerArguments(setup, configuration, directory);
  }
  return {setup.program, "-c", directory + kReaderName};
}

ServerProcess::Command ServerCommand(const RunSetup& setup, const PlanConfiguration& configuration,
                                     const std::string& directory, std::uint16_t port) {
  ServerProcess::Command command;
  command.argv =
      KeeperOf(setup.server_cores, configuration.command ? configuration.command->stop : SIGTERM);
  command.kill_signal = kKillWord;
  command.port = port;
  command.log_path = directory + "server.log";
  if (configuration.command) {
    AddOwnCommand(*configuration.command, directory, port, &command);
    return command;
  }
  const std::vector<std::string> server = ServerArguments(setup, configuration, directory);
  command.argv.insert(command.argv.end(), server.begin(), server.end());
  command.argv.insert(command.argv.end(), {"-b", fmt::format("127.0.0.1:{}", port)});
  return command;
}

bool IsAlreadyRunning(const PlanConfiguration& configuration) {
  return configuration.command && configuration.command->argv.empty();
}

std::string UrlOf(const PlanConfiguration& configuration, const std::string& directory,
                  std::uint16_t port) {
  return configuration.command ? Filled(configuration.command->url, directory, port)
                               : fmt::format("http://127.0.0.1:{}", port);
}

Status WriteReader(const std::string& directory) {
  return WriteFile(directory + kReaderName,
                   "[database]\npath = " + TomlString(directory + kDatabaseName) + "\n");
}

Status CopyDatabase(const std::string& from, const std::string& to) {
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    if (*suffix != '\0' && !std::filesystem::exists(from + suffix, error)) {
      continue;
    }
    if (!std::filesystem::copy_file(from + suffix, to + suffix, error)) {
      return SystemError(fmt::format("cannot copy the database '{}'", from + suffix),
                         error.value());
    }
    if (Status flushed = FlushFile(to + suffix); !flushed) {
      return flushed;
    }
  }
  return {};
}

}  // namespace sqlicorn::loadgen
