// SPDX-License-Identifier: MIT
#include "loadgen/report_flags.h"

#include <CLI/CLI.hpp>

namespace sqlicorn::loadgen {

void AddSummaryFlags(CLI::App& app, ReportFlags* flags) {
  app.add_option("--csv", flags->csv_prefix, "Write PREFIX_comparison.csv")->type_name("PREFIX");
  app.add_option("--json-file", flags->json_file, "Write all numbers as JSON")->type_name("FILE");
}

void AddReportFlags(CLI::App& app, ReportFlags* flags) {
  app.add_option("--markdown-file", flags->markdown_file, "Write the report as Markdown")
      ->type_name("FILE");
  app.add_option("--html-file", flags->html_file,
                 "Write the report as one HTML page with charts, that needs no network")
      ->type_name("FILE");
}

void AddSaveFlag(CLI::App& app, ReportFlags* flags) {
  app.add_option("--save", flags->save_file,
                 "Keep all that was measured, every histogram of every run, for `report`")
      ->type_name("FILE");
}

}  // namespace sqlicorn::loadgen
