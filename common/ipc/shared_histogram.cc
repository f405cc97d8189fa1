// SPDX-License-Identifier: MIT
#include "common/ipc/shared_histogram.h"

#include <algorithm>
#include <numeric>

#include "common/base/histogram.h"
#include "common/ipc/shared_word.h"

namespace sqlicorn {

void HistogramCounts::Add(const HistogramCounts& other) {
  buckets.resize(std::max(buckets.size(), other.buckets.size()));
  for (std::size_t i = 0; i < other.buckets.size(); ++i) {
    buckets[i] += other.buckets[i];
  }
  sum += other.sum;
}

std::uint64_t HistogramCounts::count() const {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

std::optional<double> HistogramCounts::Percentile(double percent) const {
  const std::uint64_t all = count();
  if (all == 0) {
    return std::nullopt;
  }
  const auto at = FindRank(buckets, PercentileRank(all, percent));
  return SharedHistogram::kLayout.MiddleOf(static_cast<std::size_t>(at - buckets.begin()));
}

std::vector<std::pair<double, std::uint64_t>> HistogramCounts::Values() const {
  std::vector<std::pair<double, std::uint64_t>> values;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets[i] > 0) {
      values.emplace_back(SharedHistogram::kLayout.MiddleOf(i), buckets[i]);
    }
  }
  return values;
}

void SharedHistogram::Record(std::uint64_t value) {
  Bump(buckets_[kLayout.IndexOf(std::min(value, kLayout.greatest_value()))]);
  Bump(sum_, value);
}

HistogramCounts SharedHistogram::Read() const {
  HistogramCounts counts;
  counts.buckets.reserve(kBuckets);
  for (const auto& bucket : buckets_) {
    counts.buckets.push_back(ReadCount(bucket));
  }
  counts.sum = ReadCount(sum_);
  return counts;
}

}  // namespace sqlicorn
