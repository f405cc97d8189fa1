// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <random>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/commands.h"
#include "loadgen/compare/thresholds.h"
#include "loadgen/ending.h"
#include "loadgen/find_max.h"
#include "loadgen/named_files.h"
#include "loadgen/report/console.h"
#include "loadgen/report/locust_console.h"
#include "loadgen/report/locust_json.h"
#include "loadgen/report/run_json.h"
#include "loadgen/report/run_notes.h"
#include "loadgen/report_files.h"
#include "loadgen/run/runner.h"
#include "loadgen/run_monitor.h"
#include "loadgen/scenario/access_log.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/scenario/server_url.h"

namespace sqlicorn::loadgen {
namespace {

// Connections of an open loop, of which no more are in use than answers are awaited.
constexpr std::uint32_t kOpenLoopUsers = 100;

RunOptions OptionsOf(const RunFlags& flags, const Scenario& scenario) {
  RunOptions options;
  options.host = flags.host.value_or(scenario.host.value_or(options.host));
  const bool open_loop = flags.rate || flags.find_max;
  options.users = flags.users.value_or(
      scenario.users.value_or(open_loop ? kOpenLoopUsers : UsualUsers(scenario)));
  const double usual_rate = open_loop || scenario.replay ? options.users : 1;
  options.spawn_rate = flags.spawn_rate.value_or(scenario.spawn_rate.value_or(usual_rate));
  options.rate = flags.rate;
  options.run_time = flags.run_time      ? flags.run_time
                     : scenario.run_time ? scenario.run_time
                     : flags.rate        ? flags.rate->length()
                                         : LengthOfStages(scenario);
  if (options.run_time == Duration::zero()) {
    options.run_time.reset();
  }
  options.stop_timeout = flags.stop_timeout;
  options.timeout = flags.timeout;
  options.longest_pause = flags.reconnect_pause;
  options.reset_stats = flags.reset_stats ? ResetStats::kWhenSpawned : ResetStats::kNever;
  options.seed = flags.seed.value_or(std::random_device()());
  return options;
}

// What flags change of a scenario, or cannot.
Status Apply(const RunFlags& flags, Scenario* scenario) {
  if (!scenario->stages.empty() && (flags.users || flags.spawn_rate)) {
    return Error{"the [[stage]]s say how many users there are: leave out --users and --spawn-rate"};
  }
  if ((scenario->replay || !flags.replay.empty()) && (flags.rate || flags.find_max)) {
    return Error{"a replay has its own times: leave out --rate and --find-max"};
  }
  if (flags.find_max && (flags.json_to_stdout || !flags.json_file.empty())) {
    return Error{"--find-max is nothing that locust's JSON could tell: use --numbers-file"};
  }
  if (flags.replay.empty()) {
    return {};
  }
  if (scenario->replay || !scenario->stages.empty()) {
    return Error{"--replay is for a scenario without a replay and stages of its own"};
  }
  return LoadReplay(flags.replay, flags.speed, scenario);
}

void LogReplay(const Replay& replay, Console* console) {
  console->Log(LogLevel::kInfo, "main",
               fmt::format("Replaying {} requests in {:g} seconds", replay.lines.size(),
                           ToSeconds(replay.lines.back().at)));
  if (replay.without_body > 0) {
    console->Log(
        LogLevel::kWarning, "main",
        fmt::format("{} requests are left out: the log has no bodies, and no [[task]] with "
                    "their method and path gives one",
                    replay.without_body));
  }
  if (replay.unreadable > 0) {
    console->Log(
        LogLevel::kWarning, "main",
        fmt::format("{} requests are left out: the server could not read them", replay.unreadable));
  }
}

void LogLateness(const Lateness& late, Console* console) {
  if (late.requests > 0) {
    console->Log(LogLevel::kWarning, "main",
                 fmt::format("{} requests were sent late, up to {:g} s, as no user was free: more "
                             "--users may help",
                             late.requests, ToSeconds(late.longest)));
  }
}

void LogStart(const RunOptions& options, Console* console) {
  console->Log(LogLevel::kInfo, "main", "Starting sqlicorn-loadgen " SQLICORN_VERSION);
  console->Log(LogLevel::kInfo, "main",
               options.run_time
                   ? fmt::format("Run time limit set to {:g} seconds", ToSeconds(*options.run_time))
                   : "No run time limit set, use CTRL+C to interrupt");
  console->Log(LogLevel::kDebug, "main", fmt::format("Seed of the task draws: {}", options.seed));
  console->Log(LogLevel::kInfo, "runners",
               fmt::format("Ramping to {} users at a rate of {:.2f} per second", options.users,
                           options.spawn_rate));
}

void PrintTables(const RunResult& result, Console* console) {
  const LocustTable table = MakeLocustTable(result.stats, LocustRates::kTotal);
  const int width = Console::IsTerminal() ? NameWidthFor(Console::Columns()) : 80;
  console->Print(StatsTable(table, width) + PercentilesTable(table, width) +
                 ErrorReport(table, width) + RunNotes(result));
}

Status WriteJson(const RunFlags& flags, const RunResult& result) {
  const std::string json = LocustJson(result.stats);
  if (flags.json_to_stdout && (std::fwrite(json.data(), 1, json.size(), stdout) != json.size() ||
                               std::fflush(stdout) != 0)) {
    return Error{"cannot write the JSON to standard output"};
  }
  const std::string path = LocustJsonPath(flags.json_file);
  return path.empty() ? Status() : WriteFile(path, json);
}

Status WriteNumbers(const RunFlags& flags, const RunResult& result) {
  return flags.numbers_file.empty() ? Status() : WriteFile(flags.numbers_file, RunJson(result));
}

// Ends the run on the first signal, waiting for open requests; on the second at once.
class StopOnSignals {
 public:
  StopOnSignals(Loop& loop, Runner& runner, Console& console)
      : runner_(runner),
        console_(console),
        interrupt_(loop, SIGINT, [this] { Stop("SIGINT"); }),
        terminate_(loop, SIGTERM, [this] { Stop("SIGTERM"); }),
        hang_up_(loop, SIGHUP, [this] { Stop("SIGHUP"); }) {}

 private:
  void Stop(std::string_view name) {
    console_.Log(LogLevel::kInfo, "main", fmt::format("Got {} signal", name));
    runner_.Stop();
  }

  Runner& runner_;
  Console& console_;
  SignalWatcher interrupt_;
  SignalWatcher terminate_;
  SignalWatcher hang_up_;
};

Ending Complain(const Error& error, Ending ending, Console* console) {
  console->Print(fmt::format("sqlicorn-loadgen: {}\n", error.message));
  return ending;
}

Ending EndingOf(const RunResult& result, Console* console) {
  if (result.unanswered > 0) {
    console->Log(
        LogLevel::kWarning, "main",
        fmt::format("{} requests were not answered and are in no statistic", result.unanswered));
  }
  for (const std::string& reason : Judge(result.facts)) {
    console->Log(LogLevel::kError, "main", fmt::format("INVALID measurement: {}", reason));
  }
  if (!Judge(result.facts).empty()) {
    return Ending::kInvalid;
  }
  return result.stats.failures() + result.late.failures > 0 ? Ending::kRequestsFailed
                                                            : Ending::kGood;
}

Ending Report(const RunFlags& flags, const RunResult& result, RunMonitor* monitor,
              Console* console) {
  Comparison comparison = AsComparison(result);
  Ending ending =
      std::max(EndingOf(result, console), JudgeLimits(flags.report, &comparison, console));
  console->Log(
      LogLevel::kInfo, "main",
      fmt::format("Shutting down (exit code {})", ExitCodeOf(ending, flags.exit_code_on_error)));
  PrintTables(result, console);
  TellLimits(comparison, console);
  for (const Status& written :
       {monitor->Finish(result.stats), WriteJson(flags, result), WriteNumbers(flags, result)}) {
    if (!written) {
      ending = std::max(ending, Complain(written.error(), Ending::kNotWritten, console));
    }
  }
  return std::max({ending, WriteRunResults(flags.report, result, console),
                   WriteReportFiles(flags.report, comparison, console)});
}

std::vector<NamedFile> NamedFilesOf(const RunFlags& flags) {
  std::vector<NamedFile> files = FilesOf(flags.report);
  const std::vector<NamedFile> tables = LocustCsvFiles(flags.csv_prefix);
  files.insert(files.end(), tables.begin(), tables.end());
  files.push_back({"--json-file", LocustJsonPath(flags.json_file)});
  files.push_back({"--numbers-file", flags.numbers_file});
  files.push_back({"--logfile", flags.log_file});
  files.push_back({"--scenario", flags.scenario, FileUse::kRead});
  return files;
}

Ending Run(const RunFlags& flags, Console* console) {
  Result<Scenario> scenario =
      flags.scenario.empty() ? SeedScenario() : LoadScenario(flags.scenario);
  if (!scenario) {
    return Complain(scenario.error(), Ending::kUsage, console);
  }
  if (const Status usable = Apply(flags, &*scenario); !usable) {
    return Complain(usable.error(), Ending::kUsage, console);
  }
  if (const Status known = CheckLimits(flags.report.fail_if, RunStats(*scenario).endpoints());
      !known) {
    return Complain(known.error(), Ending::kUsage, console);
  }
  for (const Status& writable :
       {CheckWritable(LocustJsonPath(flags.json_file)), CheckWritable(flags.numbers_file),
        CheckReportFiles(flags.report)}) {
    if (!writable) {
      return Complain(writable.error(), Ending::kNotWritten, console);
    }
  }
  const RunOptions options = OptionsOf(flags, *scenario);
  if (const auto server = ParseServerUrl(options.host); !server) {
    return Complain(server.error().In("--host"), Ending::kUsage, console);
  }
  if (flags.find_max) {
    return FindMax(flags, *scenario, options, console);
  }
  Loop loop;
  RunMonitor monitor(loop, flags, options, console);
  Runner runner(loop, *scenario, options, &monitor);
  const StopOnSignals signals(loop, runner, *console);
  if (const Status opened = monitor.Open(runner); !opened) {
    return Complain(opened.error(), Ending::kNotWritten, console);
  }
  LogStart(options, console);
  if (scenario->replay) {
    LogReplay(*scenario->replay, console);
  }
  if (const Status started = runner.Start(); !started) {
    return Complain(started.error(), Ending::kError, console);
  }
  loop.Run();
  LogLateness(runner.replay_lateness(), console);
  return Report(flags, runner.result(), &monitor, console);
}

}  // namespace

int RunCommand(const RunFlags& flags) {
  Console console;
  console.SetLevel(flags.log_level);
  if (const Status distinct = CheckDistinct(NamedFilesOf(flags)); !distinct) {
    return ExitCodeOf(Complain(distinct.error(), Ending::kUsage, &console));
  }
  if (!flags.log_file.empty()) {
    if (const Status opened = console.LogTo(flags.log_file); !opened) {
      return ExitCodeOf(Complain(opened.error(), Ending::kNotWritten, &console));
    }
  }
  return ExitCodeOf(EndWith(Run(flags, &console), &console), flags.exit_code_on_error);
}

}  // namespace sqlicorn::loadgen
