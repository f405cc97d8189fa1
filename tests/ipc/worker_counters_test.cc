// SPDX-License-Identifier: MIT
#include "common/ipc/worker_counters.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

HistogramCounts Of(const std::vector<std::uint64_t>& values) {
  SharedHistogram histogram;
  for (const std::uint64_t value : values) {
    histogram.Record(value);
  }
  return histogram.Read();
}

TEST(SharedHistogram, IsExactBelowSixteen) {
  for (std::uint64_t value = 0; value < 16; ++value) {
    EXPECT_EQ(Of({value}).Percentile(50), static_cast<double>(value));
  }
}

TEST(SharedHistogram, KnowsEveryValueToASixteenth) {
  for (std::uint64_t value = 16; value < 1U << 30U; value += value / 37 + 1) {
    const auto exact = static_cast<double>(value);
    EXPECT_NEAR(*Of({value}).Percentile(50), exact, exact / 16) << value;
  }
}

TEST(SharedHistogram, CountsWhatIsTooLargeAsTheLargest) {
  const HistogramCounts counts = Of({1U << 30U, UINT64_MAX / 2});
  EXPECT_EQ(counts.count(), 2U);
  EXPECT_EQ(counts.Values().size(), 1U);
  EXPECT_NEAR(*counts.Percentile(100), 1U << 30U, (1U << 30U) / 16.0);
}

TEST(SharedHistogram, TellsThePercentiles) {
  const HistogramCounts counts = Of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  EXPECT_EQ(counts.Percentile(0), 1);
  EXPECT_EQ(counts.Percentile(50), 5);
  EXPECT_EQ(counts.Percentile(51), 6);
  EXPECT_EQ(counts.Percentile(99), 10);
  EXPECT_EQ(counts.count(), 10U);
  EXPECT_EQ(counts.sum, 55U);
}

TEST(SharedHistogram, HasNoPercentileWithoutValues) {
  EXPECT_FALSE(Of({}).Percentile(50));
  EXPECT_FALSE(HistogramCounts().Percentile(50));
}

TEST(HistogramCounts, AddUp) {
  HistogramCounts total;
  total.Add(Of({1, 3}));
  total.Add(Of({3, 200}));
  const std::vector<std::pair<double, std::uint64_t>> values = {{1, 1}, {3, 2}, {199.5, 1}};
  EXPECT_EQ(total.Values(), values);
  EXPECT_EQ(total.sum, 207U);
}

TEST(WorkerCounts, AddUpWhateverTheirRows) {
  WorkerCounts one{.writes = 1, .revocations = 2, .locked = {3, 0, 4, 0}};
  one.endpoints.resize(1);
  one.endpoints[0].requests = 5;
  WorkerCounts two = one;
  two.endpoints.resize(2);
  two.endpoints[1].busy = 6;
  one.Add(two);
  EXPECT_EQ(one.writes, 2U);
  EXPECT_EQ(one.revocations, 4U);
  EXPECT_EQ(one.locked, (LockCounts{6, 0, 8, 0}));
  ASSERT_EQ(one.endpoints.size(), 2U);
  EXPECT_EQ(one.endpoints[0].requests, 10U);
  EXPECT_EQ(one.endpoints[1].busy, 6U);
}

}  // namespace

}  // namespace sqlicorn
