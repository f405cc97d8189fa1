// SPDX-License-Identifier: MIT
#include "loadgen/stats/objective.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using Of = Objective::Of;
using Relation = Objective::Relation;

struct Good {
  const char* text;
  Of of;
  Quantity quantity;
  double percent;
  const char* endpoint;
  Relation relation;
  double limit;
};

TEST(Objective, ReadsWhatPeopleWrite) {
  const std::vector<Good> table = {
      {"p99(/write/) < 20ms", Of::kValue, Quantity::kPercentile, 99, "/write/", Relation::kLess,
       20},
      {"p99.9(POST /write/)>=1.5s", Of::kValue, Quantity::kPercentile, 99.9, "POST /write/",
       Relation::kAtLeast, 1500},
      {" max ( reads ) <= 250us ", Of::kValue, Quantity::kMax, 0, "reads", Relation::kAtMost, 0.25},
      {"mean > 1m", Of::kValue, Quantity::kMean, 0, "", Relation::kMore, 60'000},
      {"failure_ratio > 1%", Of::kValue, Quantity::kFailureRatio, 0, "", Relation::kMore, 0.01},
      {"failure_ratio>0.25", Of::kValue, Quantity::kFailureRatio, 0, "", Relation::kMore, 0.25},
      {"ok_rps < 1000/s", Of::kValue, Quantity::kOkRps, 0, "", Relation::kLess, 1000},
      {"rps(/a?x>1(2)) < 1000", Of::kValue, Quantity::kRps, 0, "/a?x>1(2)", Relation::kLess, 1000},
      {"failures > 0", Of::kValue, Quantity::kFailures, 0, "", Relation::kMore, 0},
      {"longest_gap > 500ms", Of::kValue, Quantity::kLongestGap, 0, "", Relation::kMore, 500},
      {"ratio(rps) < 0.95", Of::kRatioToFirst, Quantity::kRps, 0, "", Relation::kLess, 0.95},
      {"ratio(p99(writes)) > 1.2", Of::kRatioToFirst, Quantity::kPercentile, 99, "writes",
       Relation::kMore, 1.2}};
  for (const Good& good : table) {
    const Result<Objective> read = ParseObjective(good.text);
    ASSERT_TRUE(read) << good.text << ": " << read.error().message;
    EXPECT_EQ(read->of, good.of) << good.text;
    EXPECT_EQ(read->metric.quantity, good.quantity) << good.text;
    EXPECT_EQ(read->metric.percent, good.percent) << good.text;
    EXPECT_EQ(read->metric.of, good.endpoint) << good.text;
    EXPECT_EQ(read->relation, good.relation) << good.text;
    EXPECT_DOUBLE_EQ(read->limit, good.limit) << good.text;
  }
}

TEST(Objective, SaysWhatIsWrongWithWhichWord) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "an operator"},
      {"p99(/write/) 20ms", "an operator"},
      {"p99 < 20", "'20' is not a duration"},
      {"p99 < ", "'' is not a duration"},
      {"p101 < 20ms", "'p101' is no metric"},
      {"p0 < 20ms", "'p0' is no metric"},
      {"failure_rate > 1%", "did you mean 'failure_ratio'"},
      {"p99() < 20ms", "names nothing"},
      {"longest_gap(/write/) < 20ms", "is of the whole run, not of '/write/'"},
      {"p99(/write/ < 20ms", "closing parenthesis"},
      {"rps < -1", "'-1' is not a number"},
      {"rps < nan", "'nan' is not a number"},
      {"failure_ratio > many", "such as 0.01 or 1%"},
      {"ratio(rps) < 5%", "'5%' is not a number"},
      {"ratio < 0.95", "'ratio' is no metric"}};
  for (const auto& [text, part] : table) {
    const Result<Objective> read = ParseObjective(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message.find(part), std::string::npos) << read.error().message;
    EXPECT_TRUE(read.error().message.starts_with("'" + text + "': ")) << read.error().message;
  }
}

TEST(Objective, IsAGoalWhereMoreOfItIsBetter) {
  for (const char* text : {"p99(/write/) < 20ms", "max <= 1s", "failure_ratio < 1%",
                           "failures <= 3", "longest_gap < 1s", "ok_rps > 100", "rps >= 5"}) {
    EXPECT_TRUE(ParseGoal(text)) << text;
  }
  for (const char* text : {"p99>1s", "mean >= 1ms", "failure_ratio > 1%", "failures_per_s > 1",
                           "ok_rps < 100", "rps <= 5", "ratio(rps) > 1", "cpu < 1ms"}) {
    const Result<Objective> goal = ParseGoal(text);
    ASSERT_FALSE(goal) << text;
    EXPECT_TRUE(goal.error().message.starts_with("'" + std::string(text) + "'"));
  }
}

TEST(Objective, ComparesAsItSays) {
  struct Row {
    const char* text;
    bool below;
    bool at;
    bool above;
  };

  for (const Row& row : {Row{"rps < 2", true, false, false}, Row{"rps <= 2", true, true, false},
                         Row{"rps > 2", false, false, true}, Row{"rps >= 2", false, true, true}}) {
    const Objective objective = ParseObjective(row.text).value();
    EXPECT_EQ(objective.Holds(1), row.below) << row.text;
    EXPECT_EQ(objective.Holds(2), row.at) << row.text;
    EXPECT_EQ(objective.Holds(3), row.above) << row.text;
  }
}

TEST(Metric, CoversAnEndpointAGroupOrAll) {
  struct Row {
    const char* of;
    bool get_read;
    bool post_write;
    bool get_write;
  };

  for (const Row& row : {Row{"", true, true, true}, Row{"/write/", false, true, true},
                         Row{"POST /write/", false, true, false}, Row{"reads", true, false, true},
                         Row{"writes", false, true, false}, Row{"/w", false, false, false}}) {
    const Metric metric{Quantity::kRps, 0, row.of};
    EXPECT_EQ(metric.Covers("GET", "/read/", false), row.get_read) << row.of;
    EXPECT_EQ(metric.Covers("POST", "/write/", true), row.post_write) << row.of;
    EXPECT_EQ(metric.Covers("GET", "/write/", false), row.get_write) << row.of;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
