// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/config/value.h"

namespace sqlicorn::loadgen {

// What a successful answer of a task that writes stands for.
enum class Effect {
  kInsert,     // one row more, with the unique value where the task has one
  kChange,     // rows changed or gone: what was acknowledged before may rightly be there no more
  kElsewhere,  // nothing in what the audit reads
  kUnsaid      // the method may write, and the scenario does not say what
};

// One kind of request of a scenario, drawn with probability weight / sum of weights.
struct TaskSpec {
  std::string method = "GET";
  std::string path;  // begins with "/"; may carry a query
  std::string name;  // its row in the tables; the path where the file does not say
  std::uint32_t weight = 1;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;  // "" = no body
  std::string body;          // encoded; with `unique` it contains kUniqueMark
  bool unique = false;       // every request carries an id of its own, after the value of one field
  bool writes = false;       // counts as a write
  Effect effect = Effect::kInsert;  // of a task that writes
};

// Stands in path or body where the run puts "<run id>-<counter>", both of fixed width: an id of 8
// hexadecimal digits and a counter of 10 decimal digits.
inline constexpr char kUniqueMark[] = "________-__________";

// What the users do, from a TOML file. What the file does not say is empty, so that flags and
// defaults can be told from it.
struct Scenario {
  std::string source;  // the path of the file, or "seed (built in)"
  std::vector<TaskSpec> tasks;
  std::optional<std::string> host;
  std::optional<std::uint32_t> users;
  std::optional<double> spawn_rate;  // users per second
  std::optional<Duration> run_time;
  Duration wait = Duration::zero();  // between an answer and the next request of the same user
};

// Errors name file:line:column.
[[nodiscard]] Result<Scenario> LoadScenario(const std::string& path);

// The seed's mix of eight endpoints: etc/scenarios/seed.toml as it was when this was built.
[[nodiscard]] Result<Scenario> SeedScenario();

// One [[task]] of a scenario. `forms` is the file's [forms] table, or nullptr. Errors name
// file:line:column.
[[nodiscard]] Result<TaskSpec> ReadTask(const Value& table, const Value* forms);

}  // namespace sqlicorn::loadgen
