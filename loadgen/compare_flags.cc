// SPDX-License-Identifier: MIT
#include "loadgen/compare_flags.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/base/units.h"
#include "loadgen/compare/comparison_plan.h"

namespace sqlicorn::loadgen {
namespace {

void AddTime(CLI::App& app, const std::string& names, const std::string& help, Duration least,
             std::optional<Duration>* out) {
  const auto parse = [names, least, out](const std::string& text) {
    const bool bare = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    const Result<Duration> time = ParseDuration(bare ? text + "s" : text);
    if (!time || *time < least || *time > std::chrono::hours(24)) {
      throw CLI::ValidationError(names,
                                 fmt::format("'{}' is not a time such as 10, 10s or 1m30s", text));
    }
    *out = *time;
  };
  app.add_option_function<std::string>(names, parse, help)->type_name("TIME");
}

}  // namespace

void AddCompareFlags(CLI::App& app, CompareFlags* flags) {
  app.add_option("PLAN", flags->plan, "TOML file of the configurations to compare")->required();
  app.add_option("-u,--users", flags->users, "Users at a time")->check(CLI::Range(1L, kMaxUsers));
  AddTime(app, "-t,--duration", "Counted time of each run", std::chrono::milliseconds(1),
          &flags->duration);
  AddTime(app, "--warmup", "Load before it, thrown away", Duration::zero(), &flags->warmup);
  app.add_option("--rounds", flags->rounds, "Runs of each configuration")
      ->check(CLI::Range(1L, kMaxRounds));
  app.add_option("--seed", flags->seed, "Repeat order and task draws of a comparison (random)");
  app.add_option(
         "--only", flags->only,
         "Run this configuration alone: a name that PLAN gives under [[configuration]], such "
         "as wal; repeat the flag for more of them (all)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--server", flags->server, "The server's program (sqlicorn, beside this one)");
  app.add_option(
      "--directory", flags->directory,
      "Where databases and logs go while it runs ($TMPDIR, or the first of /tmp and /var/tmp "
      "that is on a disk)");
  app.add_option("--markdown-file", flags->markdown_file, "Write the report as Markdown");
  app.add_option("--csv", flags->csv_prefix, "Write PREFIX_comparison.csv");
  app.add_option("--json-file", flags->json_file, "Write all numbers as JSON");
}

std::string CsvPath(const std::string& prefix) {
  return prefix.ends_with(".csv") ? prefix : prefix + "_comparison.csv";
}

}  // namespace sqlicorn::loadgen
