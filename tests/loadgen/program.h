// SPDX-License-Identifier: MIT
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

#include "tests/support/matches.h"
#include "tests/support/scripted_server.h"

// The program itself, run by a shell.
namespace sqlicorn::loadgen {

struct Outcome {
  int code = -1;
  std::string out;  // standard output and standard error
};

inline Outcome RunCommandLine(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  Outcome outcome;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    outcome.out.append(buffer.data(), size);
  }
  const int status = pclose(pipe);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

inline Outcome RunProgram(const std::string& arguments) {
  return RunCommandLine("timeout 60 " LOADGEN_PROGRAM " " + arguments);
}

// A flag for a port at which nobody listens.
inline std::string DeadHost() {
  return " -H http://127.0.0.1:" + std::to_string(testing::UnusedPort());
}

}  // namespace sqlicorn::loadgen
