// SPDX-License-Identifier: MIT
#include "master/start/config_loader.h"

#include <cstdlib>
#include <filesystem>

#include "common/base/file.h"
#include "common/config/build_config.h"
#include "common/config/override.h"
#include "common/config/server_settings.h"
#include "common/config/toml.h"
#include "master/start/split_arguments.h"
#include "master/start/surroundings.h"

namespace sqlicorn {
namespace {

constexpr const char* kDefaultFile = "./sqlicorn.toml";
constexpr const char* kVariable = "SQLICORN_CMD_ARGS";

Result<CommandLine> ParseEnvironmentArguments() {
  const char* text = std::getenv(kVariable);
  if (text == nullptr || *text == '\0') {
    return CommandLine{};
  }
  const auto arguments = SplitArguments(text);
  if (!arguments) {
    return arguments.error().In(kVariable);
  }
  auto parsed = ParseCommandLine(*arguments);
  if (const auto* end = std::get_if<CommandLineEnd>(&parsed)) {
    return Error{end->exit_code == ExitCode::kOk ? "--help and --version have no place here"
                                                 : end->text}
        .In(kVariable);
  }
  return std::get<CommandLine>(std::move(parsed));
}

Status Apply(Value& root, const CommandLine& line) {
  for (const auto& [key, value] : line.overrides) {
    if (Status applied = ApplyOverride(root, key, value); !applied) {
      return applied;
    }
  }
  return {};
}

}  // namespace

Result<ServerConfig> LoadConfig(const CommandLine& command_line,
                                const std::string& start_directory) {
  const auto environment = ParseEnvironmentArguments();
  if (!environment) {
    return environment.error();
  }
  std::string path = command_line.config_path;
  if (path.empty()) {
    path = environment->config_path.empty() ? kDefaultFile : environment->config_path;
  }
  path = ResolvePath(start_directory, path);
  auto root = ReadTomlFile(path);
  if (!root) {
    return root.error();
  }
  for (const CommandLine* line : {&*environment, &command_line}) {
    if (Status applied = Apply(*root, *line); !applied) {
      return applied.error();
    }
  }
  ApplyEnvironment(*root, [](const char* name) { return std::getenv(name); });
  auto config = BuildServerConfig(*root, ConfigDirectory(path));
  if (!config) {
    return config;
  }
  config->file = path;
  if (const Status resolved = ResolveServerPaths(start_directory, &config->server); !resolved) {
    return resolved.error();
  }
  if (config->server.proc_name.empty()) {
    config->server.proc_name = std::filesystem::path(path).filename().string();
  }
  return config;
}

}  // namespace sqlicorn
