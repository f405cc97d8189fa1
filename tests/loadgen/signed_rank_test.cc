// SPDX-License-Identifier: MIT
#include "loadgen/compare/signed_rank.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

// Hollander and Wolfe, Nonparametric Statistical Methods, table 3.1: nine patients before and after
// a tranquilizer. Their estimate and R's wilcox.test(conf.int = TRUE) for the same numbers.
TEST(SignedRank, AgreesWithTheTextbook) {
  const SignedRank test =
      TestSignedRank({-0.952, 0.147, -1.022, -0.430, -0.620, -0.590, -0.490, 0.080, -0.010}, 0.95);
  EXPECT_EQ(test.pairs, 9U);
  EXPECT_NEAR(test.estimate, -0.46, 1e-9);
  EXPECT_NEAR(test.p, 0.0390625, 1e-12);
  EXPECT_NEAR(test.low, -0.786, 1e-9);
  EXPECT_NEAR(test.high, -0.010, 1e-9);
  EXPECT_TRUE(test.has_interval);
}

struct Case {
  std::vector<double> differences;
  double p;
};

// Counted out over all assignments of signs.
TEST(SignedRank, IsExactForFewPairsWithTiesAndZeros) {
  const std::vector<Case> cases = {
      {{1}, 1},
      {{1, 2, 3, 4, 5}, 0.0625},
      {{1, 2, 3, 4, 5, 6}, 0.03125},
      {{-1, -1, -1, -1, -1, -1}, 0.03125},
      {{-1, 2, 3, 4, 5, 6, 7}, 0.03125},
      {{1, 1, 2, -1, 3, 0, 2}, 0.125},
      {{0, 0, 0}, 1},
  };
  for (const Case& c : cases) {
    EXPECT_NEAR(TestSignedRank(c.differences, 0.95).p, c.p, 1e-12) << c.differences.size();
  }
}

// The critical values of the two-sided test at 5 % that every table prints: with the pairs 1, 2, …
// exactly this many of the least means are cut off.
TEST(SignedRank, CutsTheIntervalAtThePublishedCriticalValues) {
  const std::vector<std::pair<int, std::size_t>> published = {
      {6, 0}, {7, 2}, {8, 3}, {9, 5}, {10, 8}, {11, 10}, {12, 13}, {15, 25}, {20, 52}, {25, 89}};
  for (const auto& [pairs, critical] : published) {
    std::vector<double> differences;
    std::vector<double> means;
    for (int i = 0; i < pairs; ++i) {
      differences.push_back(std::pow(2, i));
      for (int j = 0; j <= i; ++j) {
        means.push_back((std::pow(2, i) + std::pow(2, j)) / 2);
      }
    }
    std::sort(means.begin(), means.end());
    const SignedRank test = TestSignedRank(differences, 0.95);
    EXPECT_TRUE(test.has_interval) << pairs;
    EXPECT_DOUBLE_EQ(test.low, means[critical]) << pairs;
    EXPECT_DOUBLE_EQ(test.high, means[means.size() - 1 - critical]) << pairs;
  }
}

TEST(SignedRank, HasNoIntervalOfFivePairs) {
  const SignedRank test = TestSignedRank({5, 1, 4, 2, 3}, 0.95);
  EXPECT_FALSE(test.has_interval);
  EXPECT_DOUBLE_EQ(test.low, 1);
  EXPECT_DOUBLE_EQ(test.high, 5);
  EXPECT_DOUBLE_EQ(test.estimate, 3);
}

TEST(SignedRank, OfNothingTellsNothing) {
  const SignedRank test = TestSignedRank({}, 0.95);
  EXPECT_EQ(test.pairs, 0U);
  EXPECT_DOUBLE_EQ(test.p, 1);
}

// At 50 pairs it is exact, at 51 approximate: one more pair must not make a jump.
TEST(SignedRank, GoesOverToTheNormalDistributionWithoutAJump) {
  std::vector<double> differences;
  for (int i = 1; i <= 50; ++i) {
    differences.push_back(i % 3 == 0 ? -i : i);
  }
  const SignedRank exact = TestSignedRank(differences, 0.95);
  differences.push_back(0);  // counts for the interval, says nothing about the direction
  differences.push_back(0.5);
  const SignedRank approximate = TestSignedRank(differences, 0.95);
  EXPECT_NEAR(exact.p, approximate.p, 0.002);
  EXPECT_NEAR(exact.low, approximate.low, 1.5);
  EXPECT_NEAR(exact.high, approximate.high, 1.5);
  EXPECT_LT(exact.p, 0.05);
}

TEST(SignedRank, TurnsRoundWithTheSigns) {
  const SignedRank one = TestSignedRank({0.1, 0.3, -0.2, 0.4, 0.2, 0.7, 0.3}, 0.95);
  const SignedRank other = TestSignedRank({-0.1, -0.3, 0.2, -0.4, -0.2, -0.7, -0.3}, 0.95);
  EXPECT_DOUBLE_EQ(one.p, other.p);
  EXPECT_DOUBLE_EQ(one.estimate, -other.estimate);
  EXPECT_DOUBLE_EQ(one.low, -other.high);
}

TEST(HolmCorrected, MultipliesByWhatIsLeftAndNeverFalls) {
  EXPECT_TRUE(HolmCorrected({}).empty());
  EXPECT_EQ(HolmCorrected({0.02}), std::vector<double>{0.02});
  const std::vector<double> corrected = HolmCorrected({0.03, 0.01, 0.04, 0.5});
  const std::vector<double> wanted = {0.09, 0.04, 0.09, 0.5};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR(corrected[i], wanted[i], 1e-12) << i;
  }
  EXPECT_EQ(HolmCorrected({0.9, 0.8}), (std::vector<double>{1, 1}));
}

}  // namespace
}  // namespace sqlicorn::loadgen
