// SPDX-License-Identifier: MIT
#include "loadgen/stats/found_max.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

enum class Machine { kFree, kStarved };

struct Row {
  std::string what;
  Machine machine;
  milliseconds latency;
  std::uint64_t never_sent;
  std::string error;
  bool met;
  bool untold;
};

TEST(FoundMax, TellsTheServersLimitFromTheGenerators) {
  const Objective objective = ParseObjective("p50 < 20ms").value();
  for (const Row& row :
       {Row{"as wanted", Machine::kFree, milliseconds(5), 0, "", true, false},
        Row{"too slow", Machine::kFree, milliseconds(50), 0, "", false, false},
        Row{"starved", Machine::kStarved, milliseconds(5), 0, "", false, true},
        Row{"both", Machine::kStarved, milliseconds(50), 0, "", false, false},
        Row{"full", Machine::kFree, milliseconds(5), 7, "", false, false},
        Row{"failing", Machine::kStarved, milliseconds(5), 0, "e", false, false}}) {
    RunFixture run({0, 0});
    run.Write(milliseconds(500), row.latency, row.error);
    RunResult result = run.Measured().result;
    result.facts.window_s = 2;
    result.facts.run_queue_wait_s = row.machine == Machine::kStarved ? 1.8 : 0;
    result.facts.never_sent = row.never_sent;
    const MaxStep step = StepOf(10, objective, result);
    EXPECT_EQ(step.met, row.met) << row.what;
    EXPECT_EQ(step.untold, row.untold) << row.what;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
