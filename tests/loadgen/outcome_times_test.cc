// SPDX-License-Identifier: MIT
// Successes and failures are timed apart, and together.
#include <gtest/gtest.h>

#include "loadgen/compare/comparison_builder.h"
#include "loadgen/report/comparison_tables.h"
#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Comparison TwoRounds() {
  static const ComparisonPlan plan = [] {
    ComparisonPlan one;
    one.configurations = {{"slow", {}, {}}, {"untroubled", {}, {}}};
    return one;
  }();
  ComparisonBuilder builder(plan, Provenance());
  for (std::uint32_t round = 0; round < 2; ++round) {
    RunFixture run({round, 0});
    run.Read(seconds(1), milliseconds(2));
    run.Write(seconds(1), milliseconds(900), "HTTPError('503')");
    run.Write(seconds(1), milliseconds(4));
    builder.Add(run.Measured());
    RunFixture other({round, 1});
    other.Read(seconds(1), milliseconds(3));
    builder.Add(other.Measured());
  }
  return builder.Build();
}

TEST(OutcomeTimes, StandApartForSuccessesAndFailures) {
  const Measurement measured = TwoRounds().configurations.at(0).measured;
  EXPECT_NEAR(measured.all.latency.max_ms, 900, 1);
  EXPECT_NEAR(measured.all.ok_latency.max_ms, 4, 0.01);
  EXPECT_NEAR(measured.all.failed_latency.percentiles_ms[0], 900, 1);
  EXPECT_NEAR(measured.writes.ok_latency.avg_ms, 4, 0.01);
  EXPECT_DOUBLE_EQ(measured.reads.failed_latency.max_ms, 0);
}

TEST(OutcomeTimes, HaveATableOfTheConfigurationsThatFailed) {
  Comparison comparison = TwoRounds();
  const ReportTable table = OutcomesTable(comparison);
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0],
            (std::vector<std::string>{"slow", "2.00", "4.00", "4.00", "900", "900", "900"}));
  comparison.configurations.erase(comparison.configurations.begin());
  EXPECT_TRUE(OutcomesTable(comparison).rows.empty());
}

}  // namespace
}  // namespace sqlicorn::loadgen
