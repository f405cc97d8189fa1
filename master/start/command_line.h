// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/process.h"
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

// kOk: --help or --version, the text to print. kUsage: an unusable command line, the complaint in
// one line.
struct CommandLineEnd {
  std::string text;
  ExitCode exit_code;
};

// Reads gunicorn's flags, --set and ours. `arguments` is without the program's name.
[[nodiscard]] std::variant<CommandLine, CommandLineEnd> ParseCommandLine(
    std::vector<std::string> arguments);

}  // namespace sqlicorn
