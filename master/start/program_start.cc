// SPDX-License-Identifier: MIT
#include "master/start/program_start.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace sqlicorn {

ProgramStart ProgramStart::Remember(int argc, char** argv) {
  ProgramStart start;
  start.pid = getpid();
  start.argv.assign(argv, argv + argc);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    start.environment.emplace_back(*variable);
  }
  std::error_code error;
  start.directory = std::filesystem::current_path(error).string();
  start.executable = std::filesystem::read_symlink("/proc/self/exe", error).string();
  const char* const logical = std::getenv("PWD");
  if (logical != nullptr && std::filesystem::equivalent(logical, start.directory, error)) {
    start.directory = logical;
  }
  return start;
}

}  // namespace sqlicorn
