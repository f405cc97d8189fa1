// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/log.h"

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

namespace sqlicorn::loadgen {

// What the flags of `run` say; what they leave open, the scenario or a default decides.
struct RunFlags {
  std::optional<std::uint32_t> users;
  std::optional<double> spawn_rate;
  std::optional<Duration> run_time;
  std::optional<std::string> host;
  Duration stop_timeout = std::chrono::seconds(5);
  std::string csv_prefix;  // "" = no files
  bool csv_full_history = false;
  bool json_to_stdout = false;
  std::string json_file;  // "" = none
  bool headless = false;  // no effect
  bool only_summary = false;
  bool reset_stats = false;
  int exit_code_on_error = 1;
  LogLevel log_level = LogLevel::kInfo;
  std::string log_file;  // "" = standard error
  std::string scenario;  // "" = the seed mix
  std::optional<std::uint64_t> seed;
};

// Declares locust's headless flags, and ours, on `app`. Values it refuses make the parse fail.
void AddRunFlags(CLI::App& app, RunFlags* flags);

}  // namespace sqlicorn::loadgen
