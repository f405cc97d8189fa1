// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "loadgen/stats/objective.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sqlicorn::loadgen {

// Which files a measurement leaves beside what it prints. "" = none.
struct ReportFlags {
  std::string csv_prefix;
  std::string json_file;
  std::string markdown_file;
  std::string html_file;
  std::string junit_file;
  std::string prometheus_file;
  std::string hgrm_prefix;
  std::string hdr_log_file;
  bool bars = false;               // of text, on the terminal
  std::vector<Objective> fail_if;  // exit code 3 when one of them holds
  std::string save_file;           // all that was measured, for `report`
};

// Refuses "" for a file or a prefix: it would be taken for a flag that is not there.
void NeedsName(CLI::Option* option);

// Of `compare` and `report`; `run` has locust's meaning of the same flags.
void AddSummaryFlags(CLI::App& app, ReportFlags* flags);

// Of all commands.
void AddReportFlags(CLI::App& app, ReportFlags* flags);

// Of those that measure.
void AddSaveFlag(CLI::App& app, ReportFlags* flags);

}  // namespace sqlicorn::loadgen
