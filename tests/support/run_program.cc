// SPDX-License-Identifier: MIT
#include "tests/support/run_program.h"

#include <sys/wait.h>

#include <cstdio>

#include <fmt/format.h>

namespace sqlicorn {

ProgramEnd RunShell(const std::string& line) {
  FILE* pipe = popen(line.c_str(), "r");
  ProgramEnd end;
  if (pipe == nullptr) {
    return end;
  }
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) {
    end.text.push_back(static_cast<char>(c));
  }
  const int status = pclose(pipe);
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return end;
}

ProgramEnd RunSqlicorn(const std::string& arguments, const std::string& environment) {
  return RunShell(
      fmt::format("{} timeout 20 '{}' {} 2>&1", environment, SQLICORN_PROGRAM, arguments));
}

}  // namespace sqlicorn
