// SPDX-License-Identifier: MIT
#include "loadgen/stats/histogram.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

constexpr double kPercents[] = {0.1, 1, 10, 50, 66, 90, 99, 99.9, 99.99, 100};

TEST(Histogram, IsExactUpToTwoMilliseconds) {
  Histogram histogram;
  for (std::uint64_t us = 1; us <= 2000; ++us) {
    histogram.Record(us);
  }
  EXPECT_EQ(histogram.PercentileUs(50), 1000);
  EXPECT_EQ(histogram.PercentileUs(99.9), 1998);
  EXPECT_EQ(histogram.MeanUs(), 1000.5);
}

TEST(Histogram, KnowsEveryPercentileToThreeDigits) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 50; ++round) {
    Histogram histogram;
    std::vector<std::uint64_t> values;
    for (int i = 0; i < 2000; ++i) {
      values.push_back(random() % (std::uint64_t{1} << (4 + random() % 32)));
      histogram.Record(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const double percent : kPercents) {
      const auto rank = static_cast<std::size_t>(std::ceil(percent * 20 - 1e-6));
      const auto exact = static_cast<double>(values[rank - 1]);
      EXPECT_NEAR(histogram.PercentileUs(percent), exact, exact * 0.0005) << percent;
    }
  }
}

TEST(Histogram, KeepsCountSumAndExtremesExact) {
  Histogram histogram;
  histogram.Record(1'234'567);
  histogram.Record(89);
  EXPECT_EQ(histogram.count(), 2u);
  EXPECT_EQ(histogram.sum_us(), 1'234'656u);
  EXPECT_EQ(histogram.min_us(), 89u);
  EXPECT_EQ(histogram.max_us(), 1'234'567u);
  EXPECT_EQ(histogram.PercentileUs(100), 1'234'567);
}

TEST(Histogram, CountsWhatIsBeyondItsRange) {
  Histogram histogram;
  histogram.Record(std::uint64_t{1} << 40);
  EXPECT_EQ(histogram.PercentileUs(50), static_cast<double>(std::uint64_t{1} << 40));
}

TEST(Histogram, MergesToTheHistogramOfAllValues) {
  Histogram odd;
  Histogram even;
  Histogram all;
  for (std::uint64_t us = 1; us < 100'000; us += 7) {
    (us % 2 == 1 ? odd : even).Record(us);
    all.Record(us);
  }
  odd.Merge(even);
  EXPECT_EQ(odd.count(), all.count());
  EXPECT_EQ(odd.min_us(), all.min_us());
  for (const double percent : kPercents) {
    EXPECT_EQ(odd.PercentileUs(percent), all.PercentileUs(percent));
  }
}

TEST(Histogram, TakesAPartOutAgain) {
  Histogram odd;
  Histogram even;
  Histogram all;
  for (std::uint64_t us = 1; us < 100'000; us += 7) {
    (us % 2 == 1 ? odd : even).Record(us);
    all.Record(us);
  }
  for (const auto& [part, rest] : {std::pair{&odd, &even}, std::pair{&even, &odd}}) {
    const Histogram left = all.Without(*part);
    EXPECT_EQ(left.count(), rest->count());
    EXPECT_EQ(left.sum_us(), rest->sum_us());
    EXPECT_NEAR(static_cast<double>(left.min_us()), static_cast<double>(rest->min_us()), 1);
    EXPECT_NEAR(static_cast<double>(left.max_us()), static_cast<double>(rest->max_us()), 64);
    for (const double percent : kPercents) {
      EXPECT_NEAR(left.PercentileUs(percent), rest->PercentileUs(percent), 64) << percent;
    }
  }
  EXPECT_EQ(all.Without(all).count(), 0U);
  EXPECT_EQ(all.Without(all).max_us(), 0U);
  EXPECT_EQ(all.Without(Histogram()).max_us(), all.max_us());
}

TEST(Histogram, SaysZeroWhenEmptyAndAfterReset) {
  Histogram histogram;
  histogram.Record(5);
  histogram.Reset();
  EXPECT_EQ(histogram.PercentileUs(99), 0);
  EXPECT_EQ(histogram.min_us(), 0u);
  EXPECT_EQ(histogram.max_us(), 0u);
}

}  // namespace
}  // namespace sqlicorn::loadgen
