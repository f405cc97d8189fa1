// SPDX-License-Identifier: MIT
#include "loadgen/scenario/scenario.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/config/table_reader.h"
#include "common/config/toml.h"
#include "loadgen/scenario/access_log.h"
#include "loadgen/scenario/read_stages.h"
#include "loadgen/scenario/read_task.h"
#include "loadgen/scenario/read_values.h"
#include "loadgen/scenario/seed_text.h"
#include "loadgen/scenario/server_url.h"
#include "loadgen/scenario/wait.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 365);
constexpr std::int64_t kMostUsers = 1'000'000;

void ReadHost(TableReader& reader, Scenario* scenario) {
  std::string host;
  if (!reader.Read("host", &host)) {
    return;
  }
  if (!ParseServerUrl(host)) {
    reader.FailWanted("host", "a URL such as \"http://127.0.0.1:8000\"");
  }
  scenario->host = std::move(host);
}

void ReadLoad(TableReader& reader, Scenario* scenario) {
  std::int64_t users = 0;
  if (reader.ReadInRange("users", Range<std::int64_t>{1, kMostUsers}, &users)) {
    scenario->users = static_cast<std::uint32_t>(users);
  }
  double spawn_rate = 0;
  if (reader.ReadInRange("spawn_rate", Range<double>{0.001, 1e6}, &spawn_rate)) {
    scenario->spawn_rate = spawn_rate;
  }
  Duration run_time{};
  if (reader.ReadInRange("run_time", Range<Duration>{std::chrono::milliseconds(1), kLongest},
                         &run_time)) {
    scenario->run_time = run_time;
  }
  ReadWait(reader, "wait", &scenario->wait);
}

// What is common to a [[user]] and to a file without.
class KindReader {
 public:
  // `usual` is what a kind is that does not say.
  KindReader(TaskReader& tasks, UserKind usual, Scenario* scenario)
      : tasks_(tasks), usual_(std::move(usual)), scenario_(scenario) {}

  // `prefix` is "" or "user.". Notes what makes a kind of no use.
  UserKind Read(TableReader& reader, const std::string& prefix) {
    UserKind kind = usual_;
    KnownValues known(scenario_->values);
    kind.start =
        tasks_.ReadSteps(reader.ReadTables("start"), fmt::format("[{}start]", prefix), 1, &known);
    std::uint64_t weights = 0;
    for (const Value* table : reader.ReadTables("task")) {
      kind.sequences.push_back(tasks_.ReadTask(*table, fmt::format("[{}task]", prefix), known));
      weights += kind.sequences.back().weight;
    }
    if (const Value* tasks = reader.Find("task"); tasks != nullptr && weights == 0) {
      reader.Fail(tasks->place, fmt::format("{} needs a [[{}task]] with a weight above 0",
                                            prefix.empty() ? "a scenario" : "a user", prefix));
    }
    if (FindMember(reader.members(), "replay") == nullptr) {
      reader.NoteMissing("task");
    }
    return kind;
  }

  UserKind ReadUser(const Value& table, Faults* faults) {
    TableReader reader(table, "[user]");
    UserKind kind = Read(reader, "user.");
    ReadWait(reader, "wait", &kind.wait);
    reader.Read("cookies", &kind.cookies);
    if (reader.Require("name", &kind.name) && kind.name.empty()) {
      reader.FailWanted("name", "a name");
    }
    std::int64_t number = 1;
    reader.ReadInRange("weight", Range<std::int64_t>{0, 1000}, &number);
    kind.weight = static_cast<std::uint32_t>(number);
    if (reader.ReadInRange("count", Range<std::int64_t>{1, kMostUsers}, &number)) {
      kind.count = static_cast<std::uint32_t>(number);
      if (FindMember(reader.members(), "weight") != nullptr) {
        reader.Fail(reader.place(), "a user has one of 'weight' and 'count'");
      }
    }
    reader.FinishInto(faults);
    return kind;
  }

 private:
  TaskReader& tasks_;
  UserKind usual_;
  Scenario* scenario_;
};

void ReadKinds(TableReader& reader, Scenario* scenario) {
  TaskReader tasks(reader.ReadTable("forms"), scenario, reader.faults());
  UserKind usual;
  usual.wait = scenario->wait;
  reader.Read("cookies", &usual.cookies);
  KindReader kinds(tasks, usual, scenario);
  const std::vector<const Value*> users = reader.ReadTables("user");
  if (users.empty()) {
    scenario->kinds = {kinds.Read(reader, "")};
    return;
  }
  for (const std::string_view key : {"task", "start"}) {
    if (const Value* stray = reader.Find(key)) {
      reader.Fail(stray->place,
                  fmt::format("with [[user]]s a [[{0}]] is one of theirs: [[user.{0}]]", key));
    }
  }
  bool drawn = false;
  for (const Value* table : users) {
    scenario->kinds.push_back(kinds.ReadUser(*table, reader.faults()));
    drawn = drawn || scenario->kinds.back().count || scenario->kinds.back().weight > 0;
  }
  if (!drawn) {
    reader.Fail(users.front()->place, "a [[user]] needs a weight above 0, or a count");
  }
}

// A log is looked at only where all else is right.
void ReadReplay(TableReader& reader, const std::string& directory, Scenario* scenario) {
  std::string path;
  double speed = 1;
  const bool replays = reader.Read("replay", &path);
  if (reader.ReadInRange("speed", Range<double>{0.001, 1000}, &speed) && !replays) {
    reader.Fail(reader.Find("speed")->place, "'speed' is for 'replay'");
  }
  if (!replays || !reader.faults()->empty()) {
    return;
  }
  if (LengthOfStages(*scenario) || FindMember(reader.members(), "user") != nullptr) {
    reader.Fail(reader.Find("replay")->place, "a replay has no [[stage]]s and no [[user]]s");
    return;
  }
  if (const Status loaded = LoadReplay(ResolvePath(directory, path), speed, scenario); !loaded) {
    reader.Fail(reader.Find("replay")->place, loaded.error().message);
  }
}

Result<Scenario> FromToml(const Value& root, const std::string& source,
                          const std::string& directory) {
  Scenario scenario;
  scenario.source = source;
  TableReader reader(root, "");
  ReadHost(reader, &scenario);
  ReadLoad(reader, &scenario);
  ReadStages(reader, &scenario);
  scenario.values = ReadValues(reader.ReadTable("values"), directory, reader.faults());
  ReadKinds(reader, &scenario);
  ReadReplay(reader, directory, &scenario);
  if (const Status all = reader.Finish(); !all) {
    return all.error();
  }
  return scenario;
}

}  // namespace

Result<Scenario> LoadScenario(const std::string& path) {
  const Result<Value> root = ReadTomlFile(path);
  if (!root) {
    return root.error();
  }
  return FromToml(root.value(), path, std::filesystem::path(path).parent_path().string());
}

Result<Scenario> SeedScenario() {
  const std::string source = "seed (built in)";
  const Result<Value> root = ParseToml(kSeedText, source);
  if (!root) {
    return root.error();
  }
  return FromToml(root.value(), source, "");
}

std::uint32_t UsualUsers(const Scenario& scenario) {
  std::uint32_t most = 0;
  for (const Stage& stage : scenario.stages) {
    most = std::max(most, stage.users);
  }
  if (scenario.replay) {
    return std::clamp(2 * scenario.replay->most_at_once, 10U, 1000U);
  }
  std::uint32_t fixed = 0;
  std::uint32_t others = 0;
  for (const UserKind& kind : KindsOf(scenario)) {
    fixed += kind.count.value_or(0);
    others = kind.count ? others : 1;
  }
  return scenario.stages.empty() ? fixed + others : most;
}

std::optional<Duration> LengthOfStages(const Scenario& scenario) {
  if (scenario.stages.empty()) {
    return scenario.rate ? scenario.rate->length() : std::nullopt;
  }
  Duration length{};
  for (const Stage& stage : scenario.stages) {
    length += stage.duration;
  }
  return length;
}

bool IsSteady(const Scenario& scenario) {
  return scenario.stages.empty() && !scenario.rate && !scenario.replay;
}

std::vector<UserKind> KindsOf(const Scenario& scenario) {
  if (!scenario.kinds.empty()) {
    return scenario.kinds;
  }
  UserKind kind;
  kind.wait = scenario.wait;
  for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
    kind.sequences.push_back({scenario.tasks[i].weight, {i}});
  }
  return {kind};
}

}  // namespace sqlicorn::loadgen
