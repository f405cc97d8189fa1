// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/config/value.h"

namespace sqlicorn::loadgen {

// One `--set key=text` of the server: a dotted key and its value as TOML.
struct PlanSetting {
  std::string key;
  std::string text;
  Place place = {};  // in the plan
};

// A server that is not this plan's: another program, another version, or one that runs already. In
// arguments, environment and URLs, {port}, {directory} and {database} stand for the run's own.
struct PlanCommand {
  std::vector<std::string> argv;         // none = nobody starts or ends it
  std::vector<std::string> environment;  // NAME=value
  std::string directory;                 // where it starts
  std::string url = "http://127.0.0.1:{port}";
  std::string ready_url;  // what it answers well when it is ready; "" = anything
  int stop = 15;          // the signal that ends it
};

// What every run begins with a copy of.
struct PlanDatabase {
  std::string copy_from;  // this file, or else one that the server's schema and `fill` make
  std::string fill;       // an INSERT with a SELECT from n, which has the rows i = 1 to `rows`
  std::uint64_t rows = 0;
  Place place;
};

// One configuration of the server under comparison.
struct PlanConfiguration {
  std::string name;                   // unique; letters, digits and ._+- , at most kMaxNameLength
  std::vector<PlanSetting> own;       // what its table says
  std::vector<PlanSetting> settings;  // all that the server is given, every key once
  bool control = false;               // the first once more, to see what it differs from itself
  std::optional<PlanCommand> command{};  // of a server that is not the plan's; it has no settings
  bool audited = true;                   // where the plan has an audit
};

inline constexpr std::size_t kMaxNameLength = 18;

// What `compare` is to do, from a TOML file. Paths are absolute.
struct ComparisonPlan {
  std::string source;    // the plan's file
  std::string server;    // configuration file of the server; "" where no configuration needs it
  std::string scenario;  // file of the load
  Place server_place;    // of these and the audit in the plan
  Place scenario_place;
  Place audit_place;
  Place rate_place;
  std::string rate;  // of an open loop, as `run --rate` takes it; "" = closed
  std::uint32_t users = 100;
  Duration duration = std::chrono::seconds(3);  // counted part of each run
  Duration warmup = std::chrono::seconds(1);    // load before it, thrown away
  std::uint32_t rounds = 14;
  bool aa = true;                  // the first configuration twice, where there is another
  std::optional<double> until;     // end when every ratio's interval is this narrow: 0.05 is +-5 %
  std::optional<Duration> budget;  // rounds go where the uncertainty is, for so long
  std::optional<std::uint64_t> seed;  // of order and task draws; none = a fresh one
  std::string audit;        // a SELECT of the column with the unique values; "" = no audit
  bool cumulative = false;  // each configuration adds to the one before
  bool chaos = false;       // workers are killed under load
  std::optional<PlanDatabase> database;
  std::vector<PlanConfiguration> configurations;  // the first is what the others are compared to
};

// A plan as far as it could be read, and what is wrong with it.
struct PlanDraft {
  ComparisonPlan plan;
  Faults faults;
};

// For who has more to find fault with, so that all is told at once. Fails where the file is no
// TOML.
[[nodiscard]] Result<PlanDraft> DraftComparisonPlan(const std::string& path);

// The plan of a file; of one that is the configuration of a server, recognized by its endpoints, a
// plan of that alone, without a scenario.
[[nodiscard]] Result<ComparisonPlan> LoadPlanOrServer(const std::string& path);

// Adds the first configuration once more, at the end, if the plan says so and has another one.
void AddControl(ComparisonPlan* plan);

inline constexpr std::int64_t kMaxUsers = 1'000'000;
inline constexpr std::int64_t kMaxRounds = 1'000;

// Errors name file:line:column.
[[nodiscard]] Result<ComparisonPlan> LoadComparisonPlan(const std::string& path);

// The same from parsed TOML. `directory` is where relative paths start.
[[nodiscard]] Result<ComparisonPlan> BuildComparisonPlan(const Value& root,
                                                         const std::string& directory);

// Keeps the named configurations, in the order of the plan; no names keep all. In a cumulative plan
// the changes of those left out become the next one's own. Fails on a name that the plan does not
// have.
[[nodiscard]] Status KeepOnly(const std::vector<std::string>& names, ComparisonPlan* plan);

}  // namespace sqlicorn::loadgen
