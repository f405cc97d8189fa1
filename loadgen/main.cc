// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <variant>

#include "common/base/process.h"
#include "loadgen/command_line.h"
#include "loadgen/commands.h"
#include "loadgen/selftest/toy_server.h"
#include "loadgen/server/guard.h"

namespace sqlicorn::loadgen {
namespace {

// A standard stream that was closed would give its number to a pipe of the loop, and libuv ends the
// program that closes such a one. Nothing can be written into the standard output that takes the
// place of a closed one, so that a report that should stand there is not lost in silence.
void FillStandardStreams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) < 0) {
      open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);  // the least free number: fd
    }
  }
}

int Main(int argc, char** argv) {
  const CommandLine line = ParseCommandLine(argc, argv);
  if (const auto* run = std::get_if<RunFlags>(&line)) {
    return RunCommand(*run);
  }
  if (const auto* compare = std::get_if<CompareFlags>(&line)) {
    return CompareCommand(*compare);
  }
  if (const auto* tune = std::get_if<TuneFlags>(&line)) {
    return TuneCommand(*tune);
  }
  if (std::holds_alternative<SelftestFlags>(line)) {
    return SelftestCommand();
  }
  if (const auto* report = std::get_if<ReportCommandFlags>(&line)) {
    return ReportCommand(*report);
  }
  return static_cast<int>(std::get<ExitCode>(line));
}

}  // namespace
}  // namespace sqlicorn::loadgen

int main(int argc, char** argv) {
  sqlicorn::loadgen::FillStandardStreams();
  try {
    if (const auto status = sqlicorn::loadgen::RunGuard(argc, argv)) {
      return *status;
    }
    if (const auto status = sqlicorn::loadgen::RunToy(argc, argv)) {
      return *status;
    }
    return sqlicorn::loadgen::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sqlicorn-loadgen: %s\n", error.what());
    return static_cast<int>(sqlicorn::ExitCode::kError);
  }
}
