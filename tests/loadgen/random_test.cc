// SPDX-License-Identifier: MIT
#include "loadgen/scenario/random.h"

#include <cmath>
#include <map>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

TEST(Random, RepeatsItselfForTheSameSeedAndStreamOnly) {
  const auto first = [](std::uint64_t seed, std::uint64_t stream) {
    return Random(seed, stream).Next();
  };
  EXPECT_EQ(first(1, 2), first(1, 2));
  EXPECT_NE(first(1, 2), first(2, 2));
  EXPECT_NE(first(1, 2), first(1, 3));
}

TEST(Random, DrawsEachNumberBelowAsOften) {
  Random random(1, 1);
  std::vector<int> counts(6);
  for (int i = 0; i < 60'000; ++i) {
    ++counts.at(random.Below(6));
  }
  for (const int count : counts) {
    EXPECT_NEAR(count, 10'000, 600);  // six standard deviations
  }
  EXPECT_EQ(random.Below(1), 0u);
}

TEST(Random, HasUnitsAboveZeroUpToOne) {
  Random random(3, 1);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double unit = random.Unit();
    ASSERT_GT(unit, 0);
    ASSERT_LE(unit, 1);
    sum += unit;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

// The shares are known exactly: k^-s over the sum of all of them.
TEST(Zipf, DrawsRanksInProportionToTheirPower) {
  constexpr int kDraws = 200'000;
  for (const double exponent : {0.5, 0.99, 1.0, 1.2, 3.0}) {
    for (const std::uint64_t ranks : {1U, 2U, 10U, 1000U}) {
      double sum = 0;
      for (std::uint64_t k = 1; k <= ranks; ++k) {
        sum += std::pow(static_cast<double>(k), -exponent);
      }
      Random random(7, ranks);
      const Zipf zipf(ranks, exponent);
      std::map<std::uint64_t, int> counts;
      for (int i = 0; i < kDraws; ++i) {
        const std::uint64_t rank = zipf.Next(random);
        ASSERT_GE(rank, 1u);
        ASSERT_LE(rank, ranks);
        ++counts[rank];
      }
      for (const std::uint64_t k : {1U, 2U, 7U, 500U}) {
        const double share = k > ranks ? 0 : std::pow(static_cast<double>(k), -exponent) / sum;
        const double slack = 6 * std::sqrt(share * (1 - share) / kDraws) + 1e-9;
        EXPECT_NEAR(counts[k] / static_cast<double>(kDraws), share, slack)
            << exponent << " rank " << k << " of " << ranks;
      }
    }
  }
}

TEST(Zipf, TakesNoTimeOverAMillionMillionRanks) {
  Random random(1, 1);
  const Zipf zipf(1'000'000'000'000, 1.1);
  int firsts = 0;
  for (int i = 0; i < 10'000; ++i) {
    firsts += zipf.Next(random) == 1 ? 1 : 0;
  }
  EXPECT_NEAR(firsts, 1006, 190);  // zeta(1.1) is 10.58, less a tail of 10 * (10^12)^-0.1
}

}  // namespace
}  // namespace sqlicorn::loadgen
