// SPDX-License-Identifier: MIT
#include "loadgen/run_options.h"

#include <algorithm>
#include <random>
#include <vector>

#include "loadgen/named_files.h"
#include "loadgen/scenario/access_log.h"

namespace sqlicorn::loadgen {
namespace {

// Connections of an open loop, of which no more are in use than answers are awaited.
constexpr std::uint32_t kOpenLoopUsers = 100;

// Than what a search has to tell.
bool WritesMore(const RunFlags& flags) {
  const std::vector<NamedFile> files = FilesOf(flags.report);
  return !flags.csv_prefix.empty() || flags.report.bars || !flags.report.fail_if.empty() ||
         std::any_of(files.begin(), files.end(),
                     [](const NamedFile& file) { return !file.path.empty(); });
}

}  // namespace

RunOptions OptionsOf(const RunFlags& flags, const Scenario& scenario) {
  RunOptions options;
  options.host = flags.host.value_or(scenario.host.value_or(options.host));
  const bool open_loop = flags.rate || flags.find_max || scenario.rate;
  options.users = flags.users.value_or(
      scenario.users.value_or(open_loop ? kOpenLoopUsers : UsualUsers(scenario)));
  const double usual_rate = open_loop || scenario.replay ? options.users : 1;
  options.spawn_rate = flags.spawn_rate.value_or(scenario.spawn_rate.value_or(usual_rate));
  options.rate = flags.rate ? flags.rate : scenario.rate;
  options.run_time = flags.run_time      ? flags.run_time
                     : scenario.run_time ? scenario.run_time
                     : flags.rate        ? flags.rate->length()
                                         : LengthOfStages(scenario);
  options.stop_timeout = flags.stop_timeout;
  options.timeout = flags.timeout;
  options.longest_pause = flags.reconnect_pause;
  options.reset_stats = flags.reset_stats ? ResetStats::kWhenSpawned : ResetStats::kNever;
  options.seed = flags.seed.value_or(std::random_device()());
  return options;
}

Status Apply(const RunFlags& flags, Scenario* scenario) {
  if (!scenario->stages.empty() && (flags.users || flags.spawn_rate)) {
    return Error{"the [[stage]]s say how many users there are: leave out --users and --spawn-rate"};
  }
  if (scenario->rate && (flags.rate || flags.find_max)) {
    return Error{"the [[stage]]s say the rate: leave out --rate and --find-max"};
  }
  if ((scenario->replay || !flags.replay.empty()) && (flags.rate || flags.find_max)) {
    return Error{"a replay has its own times: leave out --rate and --find-max"};
  }
  if (flags.find_max && flags.web) {
    return Error{"--web shows one run, and --find-max makes many"};
  }
  if (flags.find_max && (flags.json_to_stdout || !flags.json_file.empty())) {
    return Error{"--find-max is nothing that locust's JSON could tell: use --numbers-file"};
  }
  if (flags.find_max && WritesMore(flags)) {
    return Error{"--find-max writes no file but that of --numbers-file, and it has no --fail-if"};
  }
  if (flags.replay.empty()) {
    return {};
  }
  if (!IsSteady(*scenario)) {
    return Error{"--replay is for a scenario without a replay and stages of its own"};
  }
  return LoadReplay(flags.replay, flags.speed, scenario);
}

}  // namespace sqlicorn::loadgen
