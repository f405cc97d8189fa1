// SPDX-License-Identifier: MIT
#include "loadgen/stats/rounded_times.h"

#include <map>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/stats/locust_numbers.h"

namespace sqlicorn::loadgen {
namespace {

// Locust's own way: walk the keys from the largest down until enough are left below.
std::uint64_t LocustPercentile(const std::map<std::uint64_t, std::uint64_t>& counts,
                               std::uint64_t total, double fraction) {
  const auto wanted = static_cast<std::uint64_t>(static_cast<double>(total) * fraction);
  std::uint64_t seen = 0;
  for (auto it = counts.rbegin(); it != counts.rend(); ++it) {
    seen += it->second;
    if (total - seen <= wanted) {
      return it->first;
    }
  }
  return 0;
}

TEST(LocustKeyMs, RoundsHalvesToEvenInEveryDecade) {
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> cases = {{0, 0},
                                                                      {499, 0},
                                                                      {500, 0},
                                                                      {501, 1},
                                                                      {1'500, 2},
                                                                      {2'500, 2},
                                                                      {98'500, 98},
                                                                      {99'500, 100},
                                                                      {99'999, 100},
                                                                      {105'000, 100},
                                                                      {115'000, 120},
                                                                      {145'000, 140},
                                                                      {145'001, 150},
                                                                      {994'900, 990},
                                                                      {995'000, 1000},
                                                                      {1'050'000, 1000},
                                                                      {1'150'000, 1200},
                                                                      {9'950'000, 10000},
                                                                      {10'500'000, 10000},
                                                                      {11'500'000, 12000}};
  for (const auto& [us, key] : cases) {
    EXPECT_EQ(LocustKeyMs(us), key) << us;
  }
}

TEST(RoundedTimes, GivesLocustsPercentilesOnRandomSets) {
  std::mt19937_64 random(20261122);
  for (int round = 0; round < 500; ++round) {
    RoundedTimes times;
    std::map<std::uint64_t, std::uint64_t> counts;
    const std::uint64_t total = 1 + random() % 300;
    for (std::uint64_t i = 0; i < total; ++i) {
      const std::uint64_t us = random() % (std::uint64_t{1000} << (random() % 17));
      times.Record(us);
      ++counts[LocustKeyMs(us)];
    }
    for (const double fraction : kLocustFractions) {
      ASSERT_EQ(times.PercentileMs(fraction), LocustPercentile(counts, total, fraction))
          << "round " << round << ", " << fraction << " of " << total;
    }
  }
}

TEST(RoundedTimes, TakesTheLowerOfTwoMiddleKeysAsMedian) {
  RoundedTimes times;
  times.Record(10'000);
  times.Record(20'000);
  EXPECT_EQ(times.MedianMs(), 10u);
  EXPECT_EQ(times.PercentileMs(0.5), 20u);
}

TEST(RoundedTimes, KeepsTimesFarBeyondItsFirstSize) {
  RoundedTimes times;
  times.Record(1);
  times.Record(7'200'000'000);  // two hours
  EXPECT_EQ(times.PercentileMs(1.0), 7'200'000u);
}

TEST(RoundedTimes, MergesAndSubtracts) {
  RoundedTimes early;
  early.Record(5'000);
  RoundedTimes late = early;
  late.Record(60'000'000);
  RoundedTimes sum = early;
  sum.Merge(late);
  EXPECT_EQ(sum.count(), 3u);
  EXPECT_EQ(late.Since(early).MedianMs(), 60'000u);
  EXPECT_EQ(late.Since(late).PercentileMs(0.99), 0u);
}

}  // namespace
}  // namespace sqlicorn::loadgen
