// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "loadgen/scenario/expectation.h"
#include "loadgen/scenario/rate_plan.h"
#include "loadgen/scenario/value_table.h"
#include "loadgen/scenario/wait.h"

namespace sqlicorn::loadgen {

// What a successful answer of a task that writes stands for.
enum class Effect {
  kInsert,     // one row more, with the unique value where the task has one
  kChange,     // rows changed or gone: what was acknowledged before may rightly be there no more
  kElsewhere,  // nothing in what the audit reads
  kUnsaid      // the method may write, and the scenario does not say what
};

// One kind of request of a scenario: a task, or one of its steps. Texts may have marks of values
// (text_template.h) in them.
struct TaskSpec {
  std::string method = "GET";
  std::string path;  // begins with "/", or is taken from an answer; may carry a query
  std::string name;  // its row in the tables; the path as the file has it where it does not say
  std::uint32_t weight = 1;  // 0 = nobody ever sends it
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;  // "" = no body
  std::string body;          // encoded; with `unique` it contains kUniqueMark
  bool unique = false;       // every request carries an id of its own, after the value of one field
  bool writes = false;       // counts as a write
  Effect effect = Effect::kInsert;  // of a task that writes
  Expectation expect;
  std::vector<TakenFrom> take;
  std::optional<Wait> wait;  // after it; what is not said is the user's, and nothing after a step
};

// Stands in path or body where the run puts "<run id>-<counter>", both of fixed width: an id of 8
// hexadecimal digits and a counter of 10 decimal digits.
inline constexpr char kUniqueMark[] = "________-__________";

// What a user draws: one request, or several in order. The first that fails ends it.
struct Sequence {
  std::uint32_t weight = 1;
  std::vector<std::size_t> tasks;  // indices into Scenario::tasks
};

// Users who do the same.
struct UserKind {
  std::string name = "User";
  std::uint32_t weight = 1;            // of all whose number is not fixed
  std::optional<std::uint32_t> count;  // so many of them, before all others
  std::vector<std::size_t> start;      // once, before all else; from its first again if one fails
  std::vector<Sequence> sequences;     // drawn with probability weight / sum of weights
  Wait wait;                           // after each sequence
  bool cookies = false;                // kept and sent back, a jar for each user
};

// A part of a run with a number of users of its own.
struct Stage {
  Duration duration{};
  std::uint32_t users = 0;           // at its end
  std::optional<double> spawn_rate;  // users per second; none = evenly over the duration
};

// An access log whose requests are sent again.
struct Replay {
  struct Line {
    Duration at{};         // after the first
    std::size_t task = 0;  // index into Scenario::tasks
    std::string query;     // with its '?'
  };

  std::vector<Line> lines;      // rising
  std::size_t query_value = 0;  // index into ValueTable::values: what stands for the query
  double speed = 1;             // times that of the log; already in the times above
  std::uint32_t most_at_once = 1;
  std::uint64_t without_body = 0;  // left out: a log has no bodies
  std::uint64_t unreadable = 0;    // left out: no request to the server that logged it
};

// What the users do, from a TOML file. What the file does not say is empty, so that flags and
// defaults can be told from it.
struct Scenario {
  std::string source;  // the path of the file, or "seed (built in)"
  std::vector<TaskSpec> tasks;
  std::vector<UserKind> kinds;  // none: see KindsOf
  ValueTable values;
  std::vector<Stage> stages;     // of users; none: all of them to the end
  std::optional<RatePlan> rate;  // of an open loop: what stages with a rate say
  std::optional<Replay> replay;  // in place of all draws
  std::optional<std::string> host;
  std::optional<std::uint32_t> users;
  std::optional<double> spawn_rate;  // users per second
  std::optional<Duration> run_time;
  Wait wait;  // of kinds that do not say
};

// The kinds of a scenario; where it has none, one that draws each task by its weight.
[[nodiscard]] std::vector<UserKind> KindsOf(const Scenario& scenario);

// What a run has where neither file nor command line says: the most users of its stages, all those
// of fixed number and one of the others; twice as many as a log had requests at the same time.
[[nodiscard]] std::uint32_t UsualUsers(const Scenario& scenario);

// As long as its stages last; nothing without stages.
[[nodiscard]] std::optional<Duration> LengthOfStages(const Scenario& scenario);

// Whether the load is the same all the time: no stages of either kind, no replay.
[[nodiscard]] bool IsSteady(const Scenario& scenario);

// Errors name file:line:column, all that is wrong in a line each.
[[nodiscard]] Result<Scenario> LoadScenario(const std::string& path);

// The seed's mix of eight endpoints: etc/scenarios/seed.toml as it was when this was built.
[[nodiscard]] Result<Scenario> SeedScenario();

}  // namespace sqlicorn::loadgen
