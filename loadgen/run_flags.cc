// SPDX-License-Identifier: MIT
#include "loadgen/run_flags.h"

#include <functional>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/base/numbers.h"
#include "loadgen/flag_values.h"
#include "loadgen/web_view.h"

namespace sqlicorn::loadgen {
namespace {

Result<Duration> ParseTime(std::string_view text) {
  const Result<Duration> time = ParseLocustTime(text);
  return time ? time : Error{fmt::format("'{}' is not a time such as 20, 20s, 3m or 1h20m", text)};
}

Result<Duration> ParseRunTime(std::string_view text) {
  const Result<Duration> time = ParseTime(text);
  return !time || *time > Duration::zero()
             ? time
             : Error{"in no time nothing is measured: leave it out to run until it is stopped"};
}

// "2x", "0.5" times as fast as it was.
Result<double> ParseSpeed(std::string_view text) {
  const auto speed =
      ParseWhole<double>(text.substr(0, text.size() - (text.ends_with('x') ? 1 : 0)));
  if (speed && *speed >= 0.001 && *speed <= 1000) {
    return *speed;
  }
  return Error{fmt::format("'{}' is not a speed such as 2x or 0.5", text)};
}

// Not CLI::Range, which lets nan pass.
Result<double> ParseSpawnRate(std::string_view text) {
  const auto rate = ParseWhole<double>(text);
  if (rate && *rate >= 0.001 && *rate <= 1e6) {
    return *rate;
  }
  return Error{fmt::format("'{}' is not a number of users from 0.001 to 1000000", text)};
}

// CLI11's checks return what is wrong, or "".
std::string CheckLevel(const std::string& text) {
  const Result<LogLevel> level = ParseLogLevel(text);
  return level ? "" : level.error().message;
}

void AddTime(CLI::App& app, const std::string& names, const std::string& help,
             std::function<void(Duration)> take,
             Result<Duration> (*parse)(std::string_view) = ParseTime) {
  AddParsed<Duration>(app, names, "TIME", help, parse, std::move(take));
}

void AddRate(CLI::App& app, RunFlags* flags) {
  AddParsed<RatePlan>(app, "--rate", "RATE",
                      "Open loop: send so many requests a second, whatever was answered, with -u "
                      "connections at most (100, all at once): 500, poisson:500, "
                      "100:10s,500:10s or 100..1000:30s",
                      ParseRatePlan, [flags](RatePlan plan) { flags->rate = std::move(plan); });
  AddParsed<Objective>(app, "--find-max", "OBJECTIVE",
                       "Look for the greatest rate at which this holds, such as 'p99(/write/) < "
                       "20ms'; each rate is tried for the run time (10), and again for longer "
                       "where it is missed or cannot be told; --numbers-file has all tries",
                       ParseGoal,
                       [flags](Objective objective) { flags->find_max = std::move(objective); });
}

void AddLoad(CLI::App& app, RunFlags* flags) {
  AddCount(app, "-u,--users", "Peak number of users (1)", 1, 1'000'000,
           [flags](std::uint32_t users) { flags->users = users; });
  AddParsed<double>(app, "-r,--spawn-rate", "FLOAT", "Users started per second (1)",
                    &ParseSpawnRate, [flags](double rate) { flags->spawn_rate = rate; });
  AddTime(
      app, "-t,--run-time", "Stop after this time, e.g. 20, 20s, 3m, 1h20m (until stopped)",
      [flags](Duration time) { flags->run_time = time; }, ParseRunTime);
  app.add_option("-H,--host", flags->host, "Base URL (http://127.0.0.1:8000)");
  AddTime(
      app, "-s,--stop-timeout",
      "Seconds open requests may still be answered at the end; locust gives them up at once (5)",
      [flags](Duration time) { flags->stop_timeout = time; });
  AddRate(app, flags);
  AddTime(app, "--timeout",
          "Seconds a request may take; then it is given up as failed; 0 = any time (60)",
          [flags](Duration time) { flags->timeout = time; });
  AddTime(app, "--reconnect-pause",
          "Longest pause of a user after broken connections, which begin at 10 ms and double; 0 = "
          "none (1)",
          [flags](Duration time) { flags->reconnect_pause = time; });
  app.add_option("--scenario", flags->scenario, "TOML file of the tasks (the seed's mix)");
  CLI::Option* replay = app.add_option("--replay", flags->replay,
                                       "Send the requests of an access log in JSON again, at its "
                                       "times; bodies are those of the scenario's tasks");
  AddParsed<double>(app, "--speed", "SPEED", "Of --replay: 2x in half the time (1)", &ParseSpeed,
                    [flags](double speed) { flags->speed = speed; })
      ->needs(replay);
  AddSeed(app, "Repeat the task draws of a run (random)", &flags->seed);
  app.add_flag("--headless", flags->headless, "Accepted, always the case");
}

void AddOutput(CLI::App& app, RunFlags* flags) {
  CLI::Option* csv = app.add_option("--csv", flags->csv_prefix,
                                    "Write PREFIX_stats.csv, PREFIX_stats_history.csv, "
                                    "PREFIX_failures.csv and PREFIX_exceptions.csv; missing "
                                    "folders are made");
  NeedsName(csv);
  app.add_flag("--csv-full-history", flags->csv_full_history, "A history line per endpoint")
      ->needs(csv);
  app.add_flag("--json", flags->json_to_stdout, "Write locust's JSON to standard output");
  NeedsName(app.add_option("--json-file", flags->json_file, "Write locust's JSON to FILE.json"));
  NeedsName(app.add_option("--numbers-file", flags->numbers_file, "Write all numbers as JSON"));
  AddParsed<SocketAddress>(app, "--web", "ADDRESS",
                           "Show the run in a browser while it goes on: a port of this machine "
                           "alone, or ADDRESS:PORT",
                           ParseWebAddress,
                           [flags](SocketAddress address) { flags->web = address; });
  app.add_flag("--only-summary", flags->only_summary, "No table every two seconds");
  app.add_flag("--reset-stats", flags->reset_stats, "Forget the statistics once all users started");
  AddCount(app, "--exit-code-on-error", "Exit code when any request failed (1)", 0, 255,
           [flags](std::uint32_t code) { flags->exit_code_on_error = static_cast<int>(code); });
  const auto set_level = [flags](const std::string& name) {
    flags->log_level = ParseLogLevel(name).value();
  };
  app.add_option_function<std::string>("-L,--loglevel", set_level,
                                       "debug, info, warning, error or critical (info)")
      ->check(CLI::Validator(CheckLevel, ""));
  NeedsName(
      app.add_option("--logfile", flags->log_file, "Log lines go to this file; tables do not"));
}

}  // namespace

void AddRunFlags(CLI::App& app, RunFlags* flags) {
  AddLoad(app, flags);
  AddOutput(app, flags);
  AddReportFlags(app, &flags->report);
  AddSaveFlag(app, &flags->report);
}

}  // namespace sqlicorn::loadgen
