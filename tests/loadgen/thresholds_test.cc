// SPDX-License-Identifier: MIT
#include "loadgen/compare/thresholds.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/loadgen/comparison_sample.h"

namespace sqlicorn::loadgen {
namespace {

std::vector<Objective> Limits(const std::vector<std::string>& texts) {
  std::vector<Objective> limits;
  for (const std::string& text : texts) {
    limits.push_back(ParseObjective(text).value());
  }
  return limits;
}

struct Row {
  std::string limit;
  std::string value;  // of the second configuration
  bool holds;
};

// "wal" of the sample in two rounds of a second: 2,402 reads of 1.7 to 841 ms and two of 0.1 ms,
// which failed; 720 writes of 3.15 to 326.25 ms.
TEST(Thresholds, SayWhatWasMeasured) {
  const std::vector<Row> rows = {
      {"max(/write/) > 300ms", "326.2 ms", true},
      {"max(POST /write/) > 327ms", "326.2 ms", false},
      {"max(writes) < 327ms", "326.2 ms", true},
      {"min(reads) < 1ms", "0.1 ms", true},
      {"requests < 3122", "3122", false},
      {"requests <= 3122", "3122", true},
      {"failures > 1", "2", true},
      {"failure_ratio(reads) > 1%", "0.0833 %", false},
      {"rps > 1561", "1561 per second", false},
      {"ok_rps(reads) >= 1200", "1200 per second", true},
      {"p50(/write/) > 1s", "164.3 ms", false},
      {"p99 > 1s", "830.7 ms", false},
      {"ratio(rps) > 40", "39 times the first", false},
      {"ratio(ok_rps) < 41", "40 times the first", true},
  };
  const Comparison comparison = sample::Built();
  for (const Row& row : rows) {
    const ThresholdFinding finding = JudgeThresholds(Limits({row.limit}), comparison).back();
    EXPECT_EQ(finding.configuration, "wal");
    EXPECT_EQ(finding.value_text, row.value) << row.limit;
    EXPECT_EQ(finding.holds, row.holds) << row.limit;
  }
}

TEST(Thresholds, AreForEveryConfigurationAndRatiosForAllButTheFirst) {
  const Comparison comparison = sample::Built();
  EXPECT_EQ(JudgeThresholds(Limits({"rps > 1", "ratio(rps) < 1"}), comparison).size(), 3U);
  EXPECT_TRUE(JudgeThresholds({}, comparison).empty());
}

TEST(Thresholds, DoNotPassWhatWasNotMeasured) {
  Comparison comparison = sample::Built();
  comparison.configurations[1].distribution.endpoints.clear();
  const auto findings = JudgeThresholds(Limits({"max > 1h"}), comparison);
  EXPECT_EQ(findings[1].value_text, "not measured");
  EXPECT_TRUE(AnyHolds(findings));
  EXPECT_FALSE(AnyHolds({findings[0]}));
}

// 720 writes: seven of them beyond the 99th percentile are too few.
TEST(Thresholds, DoNotPassAPercentileOfTooFewRequests) {
  for (const char* limit : {"p99(/write/) > 1h", "p99(/write/) < 1us"}) {
    const ThresholdFinding few = JudgeThresholds(Limits({limit}), sample::Built()).back();
    EXPECT_EQ(few.value_text, "not measured: 720 requests, and p99 takes 1000");
    EXPECT_TRUE(AnyHolds({few})) << limit;
  }
  const auto ratio = JudgeThresholds(Limits({"ratio(p95) > 100"}), sample::Built());
  EXPECT_EQ(ratio[0].value_text, "not measured: 80 requests, and p95 takes 200") << "of the first";
}

TEST(Thresholds, DoNotPassWhatFailed) {
  Comparison comparison = sample::Built();
  comparison.failed = {{"left-out", 1, false, "it ended", ""}};
  const auto findings = JudgeThresholds(Limits({"rps < 0", "ratio(ok_rps) < 0"}), comparison);
  ASSERT_EQ(findings.size(), 5U);
  for (const std::size_t i : {2U, 4U}) {
    EXPECT_EQ(findings[i].configuration, "left-out");
    EXPECT_EQ(findings[i].value_text, "not measured: its runs failed");
    EXPECT_TRUE(AnyHolds({findings[i]}));
  }
}

// The second of the plan is not what the others are compared to then.
TEST(Thresholds, DoNotPassRatiosToAFirstThatFailed) {
  const ComparisonPlan plan = sample::Plan();
  ComparisonBuilder builder(plan, sample::From());
  builder.Add(sample::Run({0, 1}));
  builder.AddFailed({{0, 0}, "it ended", {}, true, ""});
  const auto findings = JudgeThresholds(Limits({"ratio(rps) < 0"}), builder.Build());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].configuration, "wal");
  EXPECT_EQ(findings[0].value_text, "not measured");
  EXPECT_TRUE(AnyHolds(findings));
}

TEST(Thresholds, AreOnTheCpuTimeOfTheReport) {
  Comparison comparison = sample::Built();
  comparison.configurations[1].cpu = {Finding::kLess, 12, 0.8, 0.7, 0.9, 0.01};
  comparison.configurations[1].measured.costs.cpu_us = 120;
  const auto findings = JudgeThresholds(Limits({"ratio(cpu) > 0.75", "cpu > 1ms"}), comparison);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].value_text, "0.8 times the first");
  EXPECT_TRUE(findings[0].holds);
  EXPECT_EQ(findings[1].value_text, "not measured") << "the kernel did not tell";
  EXPECT_EQ(findings[2].value_text, "0.12 ms");
  EXPECT_FALSE(findings[2].holds);
}

TEST(Thresholds, AreRefusedWhereTheyCanNeverBeMeasured) {
  EXPECT_TRUE(RefuseRatios(Limits({"rps < 1", "cpu > 1ms"})));
  const Status alone = RefuseRatios(Limits({"ratio(ok_rps) < 0.95"}));
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().message,
            "--fail-if 'ratio(ok_rps) < 0.95': one configuration alone has no ratio to the first, "
            "so it cannot be judged");
  EXPECT_FALSE(RefuseComparedLimits(Limits({"ratio(ok_rps) < 0.95"})));
  EXPECT_FALSE(RefuseComparedLimits(Limits({"cpu > 1ms"})));
  EXPECT_TRUE(RefuseComparedLimits(Limits({"p99 > 1ms"})));
}

TEST(Thresholds, AreRefusedOnWhatThereIsNot) {
  const std::vector<EndpointStats> endpoints =
      sample::Built().configurations[0].distribution.endpoints;
  EXPECT_TRUE(CheckLimits(Limits({"p99(/write/) > 1s", "rps < 1"}), endpoints));
  const Status refused = CheckLimits(Limits({"p99(/wirte/) > 1s"}), endpoints);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "--fail-if 'p99(/wirte/) > 1s': there is no '/wirte/' in this load; there are GET "
            "/read/, POST /write/");
  const std::vector<EndpointStats> many(20'000, endpoints[0]);
  const Status long_list = CheckLimits(Limits({"p99(/wirte/) < 1s"}), many, "--find-max");
  ASSERT_FALSE(long_list);
  EXPECT_TRUE(long_list.error().message.starts_with("--find-max 'p99(/wirte/) < 1s': there is no"));
  EXPECT_TRUE(long_list.error().message.ends_with(", 19980 more"));
}

}  // namespace
}  // namespace sqlicorn::loadgen
