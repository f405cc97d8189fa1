// SPDX-License-Identifier: MIT
#include "master/start/config_loader.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "common/base/file.h"
#include "common/config/config_text.h"
#include "common/config/server_settings.h"
#include "common/config/toml.h"
#include "common/config/value.h"
#include "master/start/surroundings.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kBlanks = " \t\n\r";

bool IsBlank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

// Takes words off the front of a text.
class WordSplitter {
 public:
  explicit WordSplitter(std::string_view text) : rest_(text) {}

  // REQUIRES: the text starts with something else than a blank. Nothing when it is left open.
  std::optional<std::string> TakeWord() {
    std::string word;
    while (!rest_.empty() && !IsBlank(rest_.front())) {
      const char c = Take();
      const bool closed = c == '\'' || c == '"' ? TakeQuoted(c, &word) : TakePlain(c, &word);
      if (!closed) {
        return std::nullopt;
      }
    }
    return word;
  }

  // False at the end of the text.
  bool SkipBlanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
    return !rest_.empty();
  }

 private:
  char Take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool TakePlain(char c, std::string* word) {
    if (c == '\\' && rest_.empty()) {
      return false;
    }
    word->push_back(c == '\\' ? Take() : c);
    return true;
  }

  bool TakeQuoted(char quote, std::string* word) {
    while (!rest_.empty()) {
      char c = Take();
      if (c == quote) {
        return true;
      }
      const bool escapes = quote == '"' && c == '\\' && !rest_.empty();
      if (escapes && (rest_.front() == '"' || rest_.front() == '\\')) {
        c = Take();
      }
      word->push_back(c);
    }
    return false;
  }

  std::string_view rest_;
};

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

Result<std::vector<std::string>> SplitArguments(std::string_view text) {
  std::vector<std::string> words;
  WordSplitter splitter(text);
  while (splitter.SkipBlanks()) {
    auto word = splitter.TakeWord();
    if (!word) {
      return Error{"a quote is not closed, or a backslash stands at the end"};
    }
    words.push_back(*std::move(word));
  }
  return words;
}

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
