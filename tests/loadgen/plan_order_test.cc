// SPDX-License-Identifier: MIT
#include "loadgen/plan/plan_order.h"

#include <algorithm>
#include <map>
#include <utility>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

std::vector<std::size_t> RoundOf(const std::vector<PlanStep>& order, std::uint32_t round) {
  std::vector<std::size_t> configurations;
  for (const PlanStep& step : order) {
    if (step.round == round) {
      configurations.push_back(step.configuration);
    }
  }
  return configurations;
}

TEST(PlanOrder, KeepsTheOrderOfThePlanInOneRound) {
  EXPECT_EQ(PlanOrder(3, 1, 5), (std::vector<PlanStep>{{0, 0}, {0, 1}, {0, 2}}));
}

TEST(PlanOrder, RunsEveryConfigurationOnceInEachRound) {
  const std::vector<PlanStep> order = PlanOrder(5, 20, 1);
  ASSERT_EQ(order.size(), 100U);
  for (std::uint32_t round = 0; round < 20; ++round) {
    std::vector<std::size_t> configurations = RoundOf(order, round);
    std::sort(configurations.begin(), configurations.end());
    EXPECT_EQ(configurations, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(order[round * 5].round, round);
  }
}

TEST(PlanOrder, ShufflesEachRoundByItself) {
  const std::vector<PlanStep> order = PlanOrder(8, 3, 1);
  EXPECT_NE(RoundOf(order, 0), RoundOf(order, 1));
  EXPECT_NE(RoundOf(order, 1), RoundOf(order, 2));
}

// The numbers are written down so that a seed means the same order in every build.
TEST(PlanOrder, IsTheSameForTheSameSeed) {
  EXPECT_EQ(PlanOrder(5, 4, 42), PlanOrder(5, 4, 42));
  EXPECT_NE(PlanOrder(5, 4, 42), PlanOrder(5, 4, 43));
  EXPECT_EQ(RoundOf(PlanOrder(5, 2, 42), 0), (std::vector<std::size_t>{0, 4, 1, 3, 2}));
}

TEST(PlanOrder, PutsEveryConfigurationEverywhere) {
  std::vector<int> first(3);
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    ++first[PlanOrder(3, 2, seed).front().configuration];
  }
  for (const int times : first) {
    EXPECT_GT(times, 60);
  }
}

// After n rounds of an even number of configurations, after 2n of an odd one.
TEST(PlanOrder, BalancesPlacesAndPredecessors) {
  for (const std::size_t n : {2, 3, 4, 5, 8, 9}) {
    const std::size_t rounds = n % 2 == 0 ? n : 2 * n;
    const std::vector<PlanStep> order = PlanOrder(n, static_cast<std::uint32_t>(rounds), 7);
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> in_place;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> after;
    for (std::size_t i = 0; i < order.size(); ++i) {
      ++in_place[{order[i].configuration, i % n}];
      if (i % n > 0) {
        ++after[{order[i].configuration, order[i - 1].configuration}];
      }
    }
    EXPECT_EQ(in_place.size(), n * n);
    EXPECT_EQ(after.size(), n * (n - 1));
    for (const auto& [what, times] : in_place) {
      EXPECT_EQ(times, rounds / n) << n;
    }
    for (const auto& [what, times] : after) {
      EXPECT_EQ(times, rounds / n) << n;
    }
  }
}

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
