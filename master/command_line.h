// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/exit_code.h"
#include "common/config/value.h"

namespace sqlicorn {

enum class Action { kServe, kCheckConfig, kPrintConfig, kPrintPragmas, kQuery };

// What one list of arguments asks for. Settings stand as overrides of the configuration tree, in
// the order in which they apply.
struct CommandLine {
  std::string config_path;  // "" = not given
  std::vector<std::pair<std::string, Value>> overrides;
  Action action = Action::kServe;
  std::string query;  // kQuery only
};

// --help and --version, or an unusable command line: what to print, where, and the exit code.
struct CommandLineEnd {
  std::string text;
  ExitCode exit_code;
};

// Reads gunicorn's flags, --set and ours. `arguments` is without the program's name.
[[nodiscard]] std::variant<CommandLine, CommandLineEnd> ParseCommandLine(
    std::vector<std::string> arguments);

// Splits SQLICORN_CMD_ARGS as a shell would: blanks separate, quotes and backslashes keep.
[[nodiscard]] std::vector<std::string> SplitArguments(const std::string& text);

}  // namespace sqlicorn
