// SPDX-License-Identifier: MIT
// What a comparison says of each configuration against the first.
#include <cmath>

#include <gtest/gtest.h>

#include "loadgen/compare/comparison_builder.h"
#include "loadgen/compare/comparison_warnings.h"
#include "tests/loadgen/builder_fixture.h"
#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using ComparisonRatios = ComparisonBuilderTest;

TEST_F(ComparisonRatios, TellsTheRatioToTheFirstAndItsRange) {
  Run({0, 0}, 10);
  Run({0, 1}, 30);
  Run({1, 1}, 10);
  Run({1, 0}, 10);
  const Comparison comparison = builder().Build();
  EXPECT_DOUBLE_EQ(comparison.configurations[0].ratio.value, 1);
  const Ratio ratio = comparison.configurations[1].ratio;
  EXPECT_NEAR(ratio.value, std::sqrt(3), 1e-9) << "the mean of logarithms, not of rates";
  EXPECT_DOUBLE_EQ(ratio.lowest, 1);
  EXPECT_DOUBLE_EQ(ratio.highest, 3);
  EXPECT_TRUE(comparison.warnings.empty());
}

// Failing is fast: a configuration that refuses nearly everything is not the fastest.
TEST_F(ComparisonRatios, TellsTheRatioOfSuccessfulRequests) {
  Run({0, 0}, 10);
  RunFixture refuses({0, 1});
  for (int i = 0; i < 400; ++i) {
    refuses.Read(seconds(1), milliseconds(1), i < 5 ? "" : kLocked);
  }
  builder().Add(refuses.Measured());
  const ConfigurationNumbers numbers = builder().Build().configurations.at(1);
  EXPECT_DOUBLE_EQ(numbers.measured.all.rps, 400);
  EXPECT_DOUBLE_EQ(numbers.measured.all.ok_rps, 5);
  EXPECT_DOUBLE_EQ(numbers.ratio.value, 0.5);
  EXPECT_DOUBLE_EQ(numbers.ratio.highest, 0.5);
}

// The control is slow here, which is noise and changes no ratio.
TEST_F(ComparisonRatios, TellsTheRatioToTheFirstAlone) {
  plan_.configurations.push_back({"slow again", {}, {}, true});
  Run({0, 0}, 100);
  Run({0, 1}, 90);
  Run({0, 2}, 60);
  const Ratio ratio = builder().Build().configurations[1].ratio;
  EXPECT_NEAR(ratio.value, 0.9, 1e-9);
  EXPECT_DOUBLE_EQ(ratio.lowest, 0.9);
  EXPECT_DOUBLE_EQ(ratio.highest, 0.9);
}

TEST_F(ComparisonRatios, AreNoneWhereWorkersWereKilled) {
  plan_.configurations.push_back({"slow again", {}, {}, true});
  Run({0, 0}, 100);
  RunFixture killed({0, 1});
  killed.Read(std::chrono::seconds(1), std::chrono::milliseconds(1));
  MeasuredRun run = killed.Measured();
  run.killed = 1;
  builder().Add(run);
  Run({0, 2}, 60);
  const Comparison comparison = builder().Build();
  for (const ConfigurationNumbers& each : comparison.configurations) {
    EXPECT_EQ(each.ratio.value, 0);
    EXPECT_EQ(each.ok_rate.finding, Finding::kNotCompared);
  }
  EXPECT_EQ(comparison.ok_rate_noise, 0);
  EXPECT_EQ(comparison.control->ok_rate.rounds, 0U);
}

// Refusing is no rate: what answers is not thousands of times as fast.
TEST_F(ComparisonRatios, TellsNoRatioToWhatNeverSucceeds) {
  plan_.configurations.push_back({"slow again", {}, {}, true});
  for (std::uint32_t round = 0; round < 7; ++round) {
    for (const std::size_t dead : {0, 2}) {
      RunFixture run({round, dead});
      run.Read(seconds(1), milliseconds(1), "ConnectionRefusedError(111, 'Connection refused')");
      builder().Add(run.Measured());
    }
    Run({round, 1}, 30);
  }
  const Comparison comparison = builder().Build();
  EXPECT_DOUBLE_EQ(comparison.configurations[1].ratio.value, 0);
  EXPECT_DOUBLE_EQ(comparison.configurations[1].ratio.highest, 0);
  EXPECT_EQ(comparison.configurations[1].ok_rate.finding, Finding::kNotCompared);
  EXPECT_EQ(comparison.nothing_succeeded, std::vector<std::string>{"slow"});
  const std::vector<std::string> reasons = InvalidReasons(comparison);
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_TRUE(reasons[0].starts_with("slow: not one request succeeded in the counted time"));
}

TEST_F(ComparisonRatios, ComparesOnlyWithEnoughRounds) {
  for (std::uint32_t round = 0; round < 5; ++round) {
    Run({round, 0}, 10);
    Run({round, 1}, 30 + static_cast<int>(round));
  }
  EXPECT_EQ(builder().Build().configurations[1].ok_rate.finding, Finding::kTooFewRounds);
  Run({5, 1}, 29);
  Run({5, 0}, 10);
  const Contrast contrast = builder().Build().configurations[1].ok_rate;
  EXPECT_EQ(contrast.finding, Finding::kMore);
  EXPECT_NEAR(contrast.ratio, 3.15, 0.1);
  EXPECT_NEAR(contrast.low, 2.9, 1e-9);
}

// It is in no table of configurations, and its difference is the least that counts.
TEST_F(ComparisonRatios, TakesTheControlForTheNoise) {
  plan_.configurations.push_back({"slow again", {}, {}, true});
  for (std::uint32_t round = 0; round < 6; ++round) {
    Run({round, 0}, 100);
    Run({round, 1}, 104);
    Run({round, 2}, 110);
  }
  const Comparison comparison = builder().Build();
  ASSERT_EQ(comparison.configurations.size(), 2U);
  ASSERT_TRUE(comparison.control);
  EXPECT_EQ(comparison.control->name, "slow again");
  EXPECT_NEAR(comparison.ok_rate_noise, 0.1, 1e-9);
  EXPECT_EQ(comparison.configurations[1].ok_rate.finding, Finding::kAlike);
  EXPECT_TRUE(Warns("the first configuration differed from itself, by 10.0 %"));
}

}  // namespace
}  // namespace sqlicorn::loadgen
