// SPDX-License-Identifier: MIT
#include "loadgen/stats/each_second.h"

#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

TEST(EachSecond, CountsByTheSecondInWhicheverOrder) {
  EachSecond seconds;
  for (const auto& [end_us, failed] :
       std::vector<std::pair<std::int64_t, bool>>{{5'900'000, false},
                                                  {6'000'000, true},
                                                  {9'000'001, false},
                                                  {5'999'999, true},
                                                  {7'500'000, false},
                                                  {4'000'000, false}}) {
    seconds.Record(end_us, failed);
  }
  using Entry = std::tuple<std::int64_t, std::uint64_t, std::uint64_t>;
  std::vector<Entry> counts;
  for (const EachSecond::Count& count : seconds.counts()) {
    counts.emplace_back(count.unix_s, count.requests, count.failures);
  }
  EXPECT_EQ(counts, (std::vector<Entry>{{4, 1, 0}, {5, 2, 1}, {6, 1, 1}, {7, 1, 0}, {9, 1, 0}}));
  EXPECT_EQ(seconds.first_us(), 4'000'000);
  EXPECT_EQ(seconds.last_us(), 9'000'001);
}

TEST(EachSecond, HasNothingWithoutARequest) {
  EXPECT_EQ(EachSecond().first_us(), 0);
  EXPECT_TRUE(EachSecond().counts().empty());
}

}  // namespace
}  // namespace sqlicorn::loadgen
