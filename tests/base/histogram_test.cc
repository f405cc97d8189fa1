// SPDX-License-Identifier: MIT
#include "common/base/histogram.h"

#include <map>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

struct RankCase {
  std::uint64_t all;
  double percent;
  std::uint64_t rank;
};

TEST(PercentileRank, IsOfTheLeastValueThatSoManyDoNotExceed) {
  const std::vector<RankCase> cases = {
      {1, 0, 1},     {1, 100, 1},  {2, 50, 1},         {2, 51, 2},
      {3, 50, 2},    {10, 99, 10}, {2000, 99.9, 1998}, {2000, 99.95, 1999},
      {100, 29, 29}, {7, 100, 7},  {1000, 0, 1},
  };
  for (const RankCase& c : cases) {
    EXPECT_EQ(PercentileRank(c.all, c.percent), c.rank) << c.percent << " of " << c.all;
  }
}

TEST(FindRank, PassesOverEmptyPlaces) {
  const std::vector<std::uint64_t> counts = {0, 2, 0, 0, 3, 0};
  const auto find = [&](std::uint64_t rank) { return FindRank(counts, rank) - counts.begin(); };
  EXPECT_EQ(find(1), 1);
  EXPECT_EQ(find(2), 1);
  EXPECT_EQ(find(3), 4);
  EXPECT_EQ(find(5), 4);
}

TEST(FindRank, TakesTheLastPlaceForARankThatIsNotThere) {
  const std::vector<std::uint64_t> counts = {1, 0, 0};
  EXPECT_EQ(FindRank(counts, 2) - counts.begin(), 2);
}

TEST(FindRank, TakesCountsOutOfElements) {
  const std::map<double, int> counts = {{1.5, 1}, {2.5, 1}};
  const auto count_of = [](const auto& entry) { return static_cast<std::uint64_t>(entry.second); };
  EXPECT_EQ(FindRank(counts, 2, count_of)->first, 2.5);
}

}  // namespace
}  // namespace sqlicorn
