// SPDX-License-Identifier: MIT
#include "loadgen/comparison_flags.h"

#include <optional>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/base/numbers.h"
#include "loadgen/flag_values.h"
#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {
namespace {

constexpr auto kMostUsers = static_cast<std::uint32_t>(kMaxUsers);
constexpr auto kMostRounds = static_cast<std::uint32_t>(kMaxRounds);

CLI::Option* AddBoundedTime(CLI::App& app, const std::string& names, const std::string& help,
                            Duration least, std::optional<Duration>* out) {
  const auto parse = [names, least, out](const std::string& text) {
    const Result<Duration> time = ParseLocustTime(text);
    if (!time || *time < least || *time > std::chrono::hours(24)) {
      throw CLI::ValidationError(names,
                                 fmt::format("'{}' is not a time such as 10, 10s or 1m30s", text));
    }
    *out = *time;
  };
  return app.add_option_function<std::string>(names, parse, help)->type_name("TIME");
}

// "5%" or "0.05"; more than nothing, at most all.
std::optional<double> ParsePercent(std::string_view text) {
  const bool percent = text.ends_with('%');
  const auto number = ParseWhole<double>(text.substr(0, text.size() - (percent ? 1 : 0)));
  const double share = number.value_or(0) / (percent ? 100 : 1);
  return share > 0 && share <= 1 ? std::make_optional(share) : std::nullopt;
}

void AddRate(CLI::App& app, CompareFlags* flags) {
  AddParsed<RatePlan>(
      app, "--rate", "RATE",
      "Open loop: send so many requests a second to every configuration, whatever it answers, "
      "with -u connections at most: 500, poisson:500 or 100:10s,500:10s, from the warm-up on",
      ParseRatePlan, [flags](RatePlan plan) { flags->rate = std::move(plan); });
}

void AddFindMax(CLI::App& app, CompareFlags* flags) {
  AddParsed<Objective>(
      app, "--find-max", "OBJECTIVE",
      "Look for the greatest rate at which this holds, such as 'p99(/write/) < 20ms', of every "
      "configuration: a run for each rate that is tried, the first at --rate (100); of files it "
      "writes those of --json-file, --csv, --markdown-file and --html-file",
      ParseGoal, [flags](Objective objective) { flags->find_max = std::move(objective); });
}

void AddServerFlags(CLI::App& app, std::string* program, Pinning* pinning) {
  app.add_option("--server", *program, "The server's program (sqlicorn, beside this one)");
  app.add_flag_callback(
      "--no-pin", [pinning] { *pinning = Pinning::kNone; },
      "Let server and generator share all cores; else the generator has one of them for itself");
}

}  // namespace

void AddCompareFlags(CLI::App& app, CompareFlags* flags) {
  app.add_option("PLAN", flags->plan, "TOML file of the configurations to compare")->required();
  AddCount(app, "-u,--users", "Users at a time", 1, kMostUsers,
           [flags](std::uint32_t users) { flags->users = users; });
  AddRate(app, flags);
  AddFindMax(app, flags);
  AddBoundedTime(app, "-t,--duration", "Counted time of each run", std::chrono::milliseconds(1),
                 &flags->duration);
  AddBoundedTime(app, "--warmup", "Load before it, thrown away", Duration::zero(), &flags->warmup);
  CLI::Option* rounds = AddCount(app, "--rounds", "Runs of each configuration", 1, kMostRounds,
                                 [flags](std::uint32_t count) { flags->rounds = count; });
  AddSeed(app, "Repeat order and task draws of a comparison (random)", &flags->seed);
  AddBoundedTime(app, "--budget",
                 "Measure for this long: rounds go where the uncertainty is, as many as there is "
                 "time for",
                 std::chrono::seconds(1), &flags->budget)
      ->excludes(rounds);
  const auto set_until = [flags](const std::string& text) {
    flags->until = ParsePercent(text);
    if (!flags->until) {
      throw CLI::ValidationError("--until", "'" + text + "' is not a share such as 5%");
    }
  };
  app.add_option_function<std::string>(
         "--until", set_until,
         "Leave a configuration out of further rounds once its ratio is known to this, e.g. 5%; "
         "end when all are")
      ->type_name("PERCENT");
  app.add_flag("--chaos", flags->chaos,
               "Kill the servers' workers under load, one at a time at random moments, and audit");
  app.add_flag("--no-aa", flags->no_aa,
               "Do not measure the first configuration twice; what it differs from itself is then "
               "unknown");
  app.add_option(
         "--only", flags->only,
         "Run this configuration alone: a name that PLAN gives under [[configuration]], such "
         "as wal; repeat the flag for more of them (all)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  AddServerFlags(app, &flags->server, &flags->pinning);
  app.add_option(
      "--directory", flags->directory,
      "Where databases and logs go while it runs ($TMPDIR, or the first of /tmp and /var/tmp "
      "that is on a disk)");
  AddSummaryFlags(app, &flags->report);
  AddReportFlags(app, &flags->report);
  AddSaveFlag(app, &flags->report);
}

void AddTuneFlags(CLI::App& app, TuneFlags* flags) {
  app.add_option(
         "FILE", flags->file,
         "A plan of compare, whose first configuration is improved, or the configuration of "
         "a server")
      ->required();
  const auto set_budget = [flags](const std::string& text) {
    const Result<Duration> time = ParseLocustTime(text);
    if (!time || *time < std::chrono::seconds(1) || *time > std::chrono::hours(24)) {
      throw CLI::ValidationError("--budget", "'" + text + "' is not a time such as 10m");
    }
    flags->budget = *time;
  };
  app.add_option_function<std::string>("--budget", set_budget, "How long to search (10m)")
      ->type_name("TIME");
  app.add_option("--require", flags->require,
                 "What a configuration must be: durable, or a limit such as 'p99(writes) < 50ms'; "
                 "may be repeated")
      ->type_name("WHAT")
      ->allow_extra_args(false);
  AddCount(app, "-u,--users", "Users at a time", 1, kMostUsers,
           [flags](std::uint32_t users) { flags->users = users; });
  AddBoundedTime(app, "-t,--duration", "Counted time of each run (1s)",
                 std::chrono::milliseconds(1), &flags->duration);
  AddBoundedTime(app, "--warmup", "Load before it, thrown away (300ms)", Duration::zero(),
                 &flags->warmup);
  AddSeed(app, "Repeat the candidates and the order of a search (random)", &flags->seed);
  app.add_option("--scenario", flags->scenario,
                 "TOML file of the load (the plan's, or the seed's)");
  AddServerFlags(app, &flags->server, &flags->pinning);
  app.add_option("--directory", flags->directory, "As for compare");
  NeedsName(app.add_option("-o,--output", flags->output, "Write the recommended settings as TOML"));
}

}  // namespace sqlicorn::loadgen
