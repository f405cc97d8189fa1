// SPDX-License-Identifier: MIT
#include "master/config_loader.h"

#include <cstdlib>
#include <filesystem>

#include "common/config/override.h"
#include "common/config/server_settings.h"
#include "common/config/toml_reader.h"

namespace sqlicorn {
namespace {

constexpr const char* kDefaultFile = "./sqlicorn.toml";

Result<CommandLine> ParseEnvironmentArguments() {
  const char* text = std::getenv("SQLICORN_CMD_ARGS");
  if (text == nullptr || *text == '\0') {
    return CommandLine{};
  }
  auto parsed = ParseCommandLine(SplitArguments(text));
  if (const auto* end = std::get_if<CommandLineEnd>(&parsed)) {
    return Error{end->text}.In("SQLICORN_CMD_ARGS");
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

Result<ServerConfig> LoadConfig(const CommandLine& command_line) {
  const auto environment = ParseEnvironmentArguments();
  if (!environment) {
    return environment.error();
  }
  std::string path = command_line.config_path;
  if (path.empty()) {
    path = environment->config_path.empty() ? kDefaultFile : environment->config_path;
  }
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
  const auto directory = std::filesystem::absolute(path).parent_path();
  return BuildServerConfig(*root, directory.string());
}

}  // namespace sqlicorn
