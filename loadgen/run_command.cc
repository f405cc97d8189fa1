// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>
#include <cstdio>
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
#include "loadgen/run/descriptor_limit.h"
#include "loadgen/run/runner.h"
#include "loadgen/run_monitor.h"
#include "loadgen/run_options.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/scenario/server_url.h"
#include "loadgen/stats/measure.h"
#include "loadgen/terminal_keys.h"

namespace sqlicorn::loadgen {
namespace {

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

void ChangeUsers(char key, Runner* runner, Console* console) {
  const int by = UsersByKey(key);
  if (by == 0) {
    return;
  }
  const Result<std::uint32_t> users = runner->ChangeUsers(by);
  if (users) {
    console->Log(LogLevel::kInfo, "runners", fmt::format("Key {}: {} users", key, *users));
  } else {
    console->Log(LogLevel::kError, "runners", users.error().message);
  }
}

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
  const std::vector<std::string> reasons = JudgeRun(result);
  for (const std::string& reason : reasons) {
    console->Log(LogLevel::kError, "main", fmt::format("INVALID measurement: {}", reason));
  }
  if (!reasons.empty()) {
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
  files.push_back({"--scenario", flags.scenario, FileUse::kRead});
  return files;
}

// The log is not made anew, as the others are.
std::vector<NamedFile> AllFilesOf(const RunFlags& flags) {
  std::vector<NamedFile> files = NamedFilesOf(flags);
  files.push_back({"--logfile", flags.log_file});
  return files;
}

Ending OpenFiles(const RunFlags& flags, Console* console) {
  const Status log = flags.log_file.empty() ? Status() : console->LogTo(flags.log_file);
  const Ending logs = log ? Ending::kGood : Complain(log.error(), Ending::kNotWritten, console);
  return std::max(logs, CheckFiles(NamedFilesOf(flags), console));
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
  if (const Status known = RefuseComparedLimits(flags.report.fail_if); !known) {
    return Complain(known.error(), Ending::kUsage, console);
  }
  if (const Status known =
          flags.find_max
              ? CheckLimits({*flags.find_max}, RunStats(*scenario).endpoints(), "--find-max")
              : Status();
      !known) {
    return Complain(known.error(), Ending::kUsage, console);
  }
  const RunOptions options = OptionsOf(flags, *scenario);
  if (const auto server = ParseServerUrl(options.host); !server) {
    return Complain(server.error().In("--host"), Ending::kUsage, console);
  }
  if (const Status allowed = AllowUsers(options.users); !allowed) {
    return Complain(allowed.error(), Ending::kUsage, console);
  }
  if (const Ending files = OpenFiles(flags, console); files != Ending::kGood) {
    return files;
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
  if (const Status served = flags.web ? monitor.Serve(*flags.web) : Status(); !served) {
    return Complain(served.error(), Ending::kError, console);
  }
  const TerminalKeys keys(loop, [&](char key) { ChangeUsers(key, &runner, console); });
  LogStart(options, console);
  if (keys.hears()) {
    console->Log(LogLevel::kInfo, "main",
                 "Keys: w and W add 1 and 10 users, s and S take 1 and 10 away");
  }
  if (scenario->replay) {
    LogReplay(*scenario->replay, console);
  }
  if (const Status started = runner.Start(); !started) {
    return Complain(started.error(), Ending::kUsage, console);  // nothing was measured
  }
  loop.Run();
  LogLateness(runner.replay_lateness(), console);
  return Report(flags, runner.result(), &monitor, console);
}

}  // namespace

int RunCommand(const RunFlags& flags) {
  Console console;
  console.SetLevel(flags.log_level);
  if (const Status distinct = CheckDistinct(AllFilesOf(flags)); !distinct) {
    return ExitCodeOf(Complain(distinct.error(), Ending::kUsage, &console));
  }
  return ExitCodeOf(EndWith(Run(flags, &console), &console), flags.exit_code_on_error);
}

}  // namespace sqlicorn::loadgen
