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
  const auto findings = JudgeThresholds(Limits({"p99 > 1h"}), comparison);
  EXPECT_EQ(findings[1].value_text, "not measured");
  EXPECT_TRUE(AnyHolds(findings));
  EXPECT_FALSE(AnyHolds({findings[0]}));
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
