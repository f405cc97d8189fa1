// SPDX-License-Identifier: MIT
#include "loadgen/command_line.h"

#include <utility>

#include <CLI/CLI.hpp>

#include "loadgen/comparison_flags.h"
#include "loadgen/ending.h"
#include "loadgen/locust_flags.h"
#include "loadgen/run_flags.h"

namespace sqlicorn::loadgen {
namespace {

void AddReportCommandFlags(CLI::App& app, ReportCommandFlags* flags) {
  app.add_option("FILE", flags->files, "Files of --save; several are set side by side")->required();
  app.add_flag("--json", flags->json_to_stdout,
               "All numbers as JSON on standard output, the report on standard error");
  AddSummaryFlags(app, &flags->report);
  AddReportFlags(app, &flags->report);
}

}  // namespace

CommandLine ParseCommandLine(int argc, char** argv) {
  if (IsRefusedAsLocusts(argc, argv)) {
    return ExitCode::kUsage;
  }
  CLI::App app("Load generator for sqlicorn and any other HTTP server, with locust's output.",
               "sqlicorn-loadgen");
  app.set_version_flag("-V,--version", "sqlicorn-loadgen " SQLICORN_VERSION);
  app.require_subcommand(1);
  // As in locust. What may be given several times keeps all of them.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  RunFlags run_flags;
  CLI::App* run = app.add_subcommand("run", "One run against a running server");
  CompareFlags compare_flags;
  CLI::App* compare = app.add_subcommand("compare", "Configurations of the server, side by side");
  AddRunFlags(*run, &run_flags);
  AddCompareFlags(*compare, &compare_flags);
  TuneFlags tune_flags;
  CLI::App* tune = app.add_subcommand("tune", "Search for a configuration of the server");
  AddTuneFlags(*tune, &tune_flags);
  ReportCommandFlags report_flags;
  CLI::App* report = app.add_subcommand("report", "Report again from files of --save");
  AddReportCommandFlags(*report, &report_flags);
  CLI::App* selftest =
      app.add_subcommand("selftest", "Spoil three measurements, and show that the report says so");
  for (CLI::App* each : {&app, run, compare, tune, report, selftest}) {
    each->footer(std::string(kExitCodesHelp));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ExitCode::kOk : ExitCode::kUsage;
  }
  if (run->parsed()) {
    return run_flags;
  }
  if (tune->parsed()) {
    return tune_flags;
  }
  if (report->parsed()) {
    return report_flags;
  }
  if (selftest->parsed()) {
    return SelftestFlags();
  }
  return compare_flags;
}

}  // namespace sqlicorn::loadgen
