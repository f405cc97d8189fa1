// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>
#include <variant>

#include "common/base/process.h"
#include "loadgen/command_line.h"
#include "loadgen/commands.h"
#include "loadgen/server/guard.h"

namespace sqlicorn::loadgen {
namespace {

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
  if (const auto* report = std::get_if<ReportCommandFlags>(&line)) {
    return ReportCommand(*report);
  }
  return static_cast<int>(std::get<ExitCode>(line));
}

}  // namespace
}  // namespace sqlicorn::loadgen

int main(int argc, char** argv) {
  try {
    if (const auto status = sqlicorn::loadgen::RunGuard(argc, argv)) {
      return *status;
    }
    return sqlicorn::loadgen::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sqlicorn-loadgen: %s\n", error.what());
    return static_cast<int>(sqlicorn::ExitCode::kError);
  }
}
