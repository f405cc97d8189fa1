// SPDX-License-Identifier: MIT
#include "loadgen/scenario/scenario.h"

#include <utility>

#include "common/config/table_reader.h"
#include "common/config/toml_reader.h"
#include "common/http/url.h"
#include "loadgen/scenario/seed_text.h"
#include "loadgen/scenario/task_reader.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 365);

void ReadHost(TableReader& reader, Scenario* scenario) {
  std::string host;
  if (!reader.Read("host", &host)) {
    return;
  }
  if (!SplitUrl(host)) {
    reader.FailWanted("host", "a URL such as \"http://127.0.0.1:8000\"");
  }
  scenario->host = std::move(host);
}

void ReadLoad(TableReader& reader, Scenario* scenario) {
  std::int64_t users = 0;
  if (reader.ReadInRange("users", Range<std::int64_t>{1, 1'000'000}, &users)) {
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
  reader.ReadInRange("wait", Range<Duration>{Duration::zero(), kLongest}, &scenario->wait);
}

Status ReadTasks(TableReader& reader, Scenario* scenario) {
  const Value* forms = reader.ReadTable("forms");
  std::uint64_t weights = 0;
  for (const Value* table : reader.ReadTables("task")) {
    Result<TaskSpec> task = ReadTask(*table, forms);
    if (!task) {
      return task.error();
    }
    weights += task->weight;
    scenario->tasks.push_back(*std::move(task));
  }
  if (const Value* tasks = reader.Find("task"); tasks != nullptr && weights == 0) {
    reader.Fail(tasks->place, "a scenario needs a [[task]] with a weight above 0");
  }
  reader.NoteMissing("task");
  return {};
}

Result<Scenario> FromToml(const Value& root, const std::string& source) {
  Scenario scenario;
  scenario.source = source;
  TableReader reader(root, "");
  ReadHost(reader, &scenario);
  ReadLoad(reader, &scenario);
  if (const Status tasks = ReadTasks(reader, &scenario); !tasks) {
    return tasks.error();
  }
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
  return FromToml(root.value(), path);
}

Result<Scenario> SeedScenario() {
  const std::string source = "seed (built in)";
  const Result<Value> root = ParseToml(kSeedText, source);
  if (!root) {
    return root.error();
  }
  return FromToml(root.value(), source);
}

}  // namespace sqlicorn::loadgen
