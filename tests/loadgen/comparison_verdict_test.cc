// SPDX-License-Identifier: MIT
// When a comparison is not to be believed.
#include <string>

#include <gtest/gtest.h>

#include "loadgen/compare/comparison_builder.h"
#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

MeasuredRun Answered(std::uint32_t round) {
  RunFixture run({round, 0});
  run.Read(seconds(1), milliseconds(2));
  MeasuredRun measured = run.Measured();
  measured.result.facts.window_s = 2;  // long enough to judge
  return measured;
}

ComparisonPlan OneConfiguration() {
  ComparisonPlan plan;
  plan.configurations.resize(1);
  plan.configurations[0].name = "only";
  return plan;
}

TEST(ComparisonVerdict, IsInvalidWhereHalfOfTheRunsAre) {
  const ComparisonPlan plan = OneConfiguration();
  ComparisonBuilder builder(plan, Provenance());
  for (std::uint32_t round = 0; round < 4; ++round) {
    MeasuredRun run = Answered(round);
    run.result.facts.run_queue_wait_s = round < 2 ? 1.8 : 0.0;
    builder.Add(run);
    const Comparison comparison = builder.Build();
    ASSERT_EQ(comparison.invalid.size(), 1U) << round;
    EXPECT_NE(comparison.invalid[0].find("the first because the generator was kept waiting"),
              std::string::npos);
  }
}

TEST(ComparisonVerdict, ToleratesAFewInvalidRuns) {
  const ComparisonPlan plan = OneConfiguration();
  ComparisonBuilder builder(plan, Provenance());
  for (std::uint32_t round = 0; round < 3; ++round) {
    MeasuredRun run = Answered(round);
    run.costs = ServerCosts{};
    run.result.facts.other_cpu_s = round == 1 ? 3.0 : 0.1;
    builder.Add(run);
  }
  const Comparison comparison = builder.Build();
  EXPECT_TRUE(comparison.invalid.empty());
  bool warned = false;
  for (const std::string& warning : comparison.warnings) {
    warned = warned || warning.find(
                           "1 of 3 runs were invalid, the first because other programs "
                           "used 75 %") != std::string::npos;
  }
  EXPECT_TRUE(warned);
}

// Its CPU time would else be somebody else's.
TEST(ComparisonVerdict, HoldsAKilledWorkerAgainstNobody) {
  const ComparisonPlan plan = OneConfiguration();
  ComparisonBuilder builder(plan, Provenance());
  MeasuredRun run = Answered(0);
  run.costs = ServerCosts{};
  run.result.facts.other_cpu_s = 3.0;
  run.killed = 1;
  builder.Add(run);
  EXPECT_TRUE(builder.Build().invalid.empty());
}

}  // namespace
}  // namespace sqlicorn::loadgen
