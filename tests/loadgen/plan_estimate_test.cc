// SPDX-License-Identifier: MIT
#include "loadgen/compare/plan_estimate.h"

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using std::chrono::seconds;

TEST(PlanEstimate, GuessesTheFirstRunFromItsLoad) {
  const PlanEstimate estimate = EstimatePlan({4, 0, seconds(9), seconds(0), seconds(5)});
  EXPECT_DOUBLE_EQ(estimate.share, 0.5 / 4);
  EXPECT_NEAR(ToSeconds(estimate.left), 35, 1e-6);
}

TEST(PlanEstimate, LearnsFromTheRunsDone) {
  const PlanEstimate estimate = EstimatePlan({4, 2, seconds(9), seconds(40), seconds(10)});
  EXPECT_DOUBLE_EQ(estimate.share, 2.5 / 4);
  EXPECT_NEAR(ToSeconds(estimate.left), 30, 1e-6);
}

TEST(PlanEstimate, NeverCallsARunDoneBeforeItIs) {
  const PlanEstimate estimate = EstimatePlan({2, 1, seconds(9), seconds(10), seconds(600)});
  EXPECT_LT(estimate.share, 1);
  EXPECT_GT(estimate.left, Duration::zero());
}

TEST(PlanEstimate, EndsAtAll) {
  const PlanEstimate estimate = EstimatePlan({2, 2, seconds(9), seconds(10), seconds(3)});
  EXPECT_DOUBLE_EQ(estimate.share, 1);
  EXPECT_EQ(estimate.left, Duration::zero());
}

}  // namespace
}  // namespace sqlicorn::loadgen
