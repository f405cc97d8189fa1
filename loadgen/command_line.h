// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/process.h"
#include "common/base/socket_address.h"
#include "loadgen/report_flags.h"
#include "loadgen/scenario/rate_plan.h"
#include "loadgen/server/core_share.h"
#include "loadgen/stats/objective.h"

namespace sqlicorn::loadgen {

// What the flags of `run` say; what they leave open, the scenario or a default decides.
struct RunFlags {
  std::optional<std::uint32_t> users;
  std::optional<double> spawn_rate;
  std::optional<Duration> run_time;
  std::optional<std::string> host;
  std::optional<RatePlan> rate;       // of an open loop
  std::optional<Objective> find_max;  // looks for the greatest rate that meets it
  Duration stop_timeout = std::chrono::seconds(5);
  Duration timeout = std::chrono::seconds(60);
  Duration reconnect_pause = std::chrono::seconds(1);
  std::string csv_prefix;  // "" = no files
  bool csv_full_history = false;
  bool json_to_stdout = false;
  std::string json_file;     // locust's, without its ending; "" = none
  std::string numbers_file;  // ours; "" = none
  bool headless = false;     // no effect
  bool only_summary = false;
  bool reset_stats = false;
  int exit_code_on_error = 1;
  LogLevel log_level = LogLevel::kInfo;
  std::string log_file;  // "" = standard error
  std::string scenario;  // "" = the seed mix
  std::string replay;    // an access log; "" = none
  double speed = 1;      // of it
  std::optional<std::uint64_t> seed;
  std::optional<SocketAddress> web;  // of the live page
  ReportFlags report;
};

// What the flags of `compare` say; what they leave open, the plan decides.
struct CompareFlags {
  std::string plan;
  std::optional<std::uint32_t> users;
  std::optional<Duration> duration;
  std::optional<Duration> warmup;
  std::optional<std::uint32_t> rounds;
  std::optional<std::uint64_t> seed;
  bool no_aa = false;
  bool chaos = false;
  std::optional<RatePlan> rate;       // of an open loop
  std::optional<Objective> find_max;  // looks for the greatest rate that meets it
  std::optional<double> until;        // share
  std::optional<Duration> budget;
  std::string server;     // program; "" = the one beside this program
  std::string directory;  // "" = $TMPDIR, or /tmp
  Pinning pinning = Pinning::kOwnCore;
  std::vector<std::string> only;  // names of configurations; none = all
  ReportFlags report;
};

// What the flags of `tune` say.
struct TuneFlags {
  std::string file;                  // a plan, or the configuration of a server
  std::vector<std::string> require;  // "durable", objectives
  Duration budget = std::chrono::minutes(10);
  std::optional<std::uint32_t> users;
  std::optional<Duration> duration;
  std::optional<Duration> warmup;
  std::optional<std::uint64_t> seed;
  std::string scenario;  // "" = the plan's, or the seed's mix
  std::string server;    // as in CompareFlags
  Pinning pinning = Pinning::kOwnCore;
  std::string directory;  // as in CompareFlags
  std::string output;     // file of the recommended settings; "" = none
};

// What the flags of `report` say.
struct ReportCommandFlags {
  std::vector<std::string> files;  // at least one
  bool json_to_stdout = false;
  ReportFlags report;
};

// `selftest` has none.
struct SelftestFlags {};

// What a command line asks for. An exit code when nothing is left to do: help, version or a
// complaint have been printed.
using CommandLine =
    std::variant<RunFlags, CompareFlags, TuneFlags, ReportCommandFlags, SelftestFlags, ExitCode>;
[[nodiscard]] CommandLine ParseCommandLine(int argc, char** argv);

}  // namespace sqlicorn::loadgen
