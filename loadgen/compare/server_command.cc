// SPDX-License-Identifier: MIT
#include "loadgen/compare/server_command.h"

#include <utility>

#include <fmt/format.h>

#include "common/base/socket_address.h"
#include "common/config/toml.h"
#include "loadgen/server/guard.h"

namespace sqlicorn::loadgen {

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
  set("database.path", TomlString(directory + "sqlicorn.db"));
  return arguments;
}

ServerProcess::Command ServerCommand(const RunSetup& setup, const PlanConfiguration& configuration,
                                     const std::string& directory, std::uint16_t port) {
  ServerProcess::Command command;
  command.argv = TiedToThisProcess();
  std::vector<std::string> server = ServerArguments(setup, configuration, directory);
  command.argv.insert(command.argv.end(), server.begin(), server.end());
  command.argv.insert(command.argv.end(), {"-b", fmt::format("127.0.0.1:{}", port)});
  command.port = port;
  command.log_path = directory + "server.log";
  return command;
}

}  // namespace sqlicorn::loadgen
