// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "common/base/exit_code.h"
#include "loadgen/compare_command.h"
#include "loadgen/run_command.h"
#include "loadgen/server/guard.h"

namespace sqlicorn::loadgen {
namespace {

int Main(int argc, char** argv) {
  CLI::App app("Load generator for sqlicorn and any other HTTP server, with locust's output.",
               "sqlicorn-loadgen");
  app.set_version_flag("-V,--version", "sqlicorn-loadgen " SQLICORN_VERSION);
  app.require_subcommand(1);
  int code = static_cast<int>(ExitCode::kOk);

  RunFlags run_flags;
  CLI::App* run = app.add_subcommand("run", "One run against a running server");
  AddRunFlags(*run, &run_flags);
  run->callback([&] { code = RunCommand(run_flags); });

  CompareFlags compare_flags;
  CLI::App* compare = app.add_subcommand("compare", "Configurations of the server, side by side");
  AddCompareFlags(*compare, &compare_flags);
  compare->callback([&] { code = CompareCommand(compare_flags); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  return code;
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
