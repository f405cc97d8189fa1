// SPDX-License-Identifier: MIT
#include "loadgen/report_flags.h"

#include <CLI/CLI.hpp>

namespace sqlicorn::loadgen {

void NeedsName(CLI::Option* option) {
  const auto check = [](const std::string& name) {
    return name.empty() ? std::string("'' is the name of no file") : std::string();
  };
  option->check(CLI::Validator(check, ""));
}

void AddSummaryFlags(CLI::App& app, ReportFlags* flags) {
  NeedsName(app.add_option("--csv", flags->csv_prefix, "Write PREFIX_comparison.csv")
                ->type_name("PREFIX"));
  NeedsName(app.add_option("--json-file", flags->json_file, "Write all numbers as JSON")
                ->type_name("FILE"));
}

void AddReportFlags(CLI::App& app, ReportFlags* flags) {
  const auto file = [&](const char* name, std::string* path, const char* help) {
    NeedsName(app.add_option(name, *path, help)->type_name("FILE"));
  };
  file("--html-file", &flags->html_file,
       "Write the report as one HTML page, that needs no network");
  file("--markdown-file", &flags->markdown_file, "Write the report as Markdown");
  file("--junit-file", &flags->junit_file, "Write audits and --fail-if as JUnit's test cases");
  file("--prometheus-file", &flags->prometheus_file,
       "Write the numbers in Prometheus' text format");
  file("--hdr-log", &flags->hdr_log_file, "Write all histograms as a log of HdrHistogram");
  NeedsName(
      app.add_option("--hgrm", flags->hgrm_prefix,
                     "Write PREFIX_NAME.hgrm, HdrHistogram's percentiles, of each configuration")
          ->type_name("PREFIX"));
  app.add_flag("--bars", flags->bars, "Show on the terminal how many requests took how long");
  const auto add_limit = [flags](const std::string& text) {
    Result<Objective> limit = ParseObjective(text);
    if (!limit) {
      throw CLI::ValidationError("--fail-if", limit.error().message);
    }
    flags->fail_if.push_back(*std::move(limit));
  };
  app.add_option_function<std::vector<std::string>>(
         "--fail-if",
         [add_limit](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) {
             add_limit(text);
           }
         },
         "End with 3 if this holds: 'p99(/write/) > 50ms', 'failure_ratio > 1%', "
         "'ratio(ok_rps) < 0.95'; repeat the flag for more")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
}

void AddSaveFlag(CLI::App& app, ReportFlags* flags) {
  NeedsName(app.add_option("--save", flags->save_file,
                           "Keep all that was measured, every histogram of every run, for `report`")
                ->type_name("FILE"));
}

}  // namespace sqlicorn::loadgen
