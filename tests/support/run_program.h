// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sqlicorn {

struct ProgramEnd {
  int exit_code = -1;  // -1: a signal
  std::string text;    // both streams
};

// Runs a line of the shell to its end.
[[nodiscard]] ProgramEnd RunShell(const std::string& line);

// The same with the real server before `arguments`; `environment` is "NAME=value NAME=value".
[[nodiscard]] ProgramEnd RunSqlicorn(const std::string& arguments,
                                     const std::string& environment = "");

}  // namespace sqlicorn
