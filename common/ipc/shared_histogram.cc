// SPDX-License-Identifier: MIT
#include "common/ipc/shared_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "common/ipc/bump.h"

namespace sqlicorn {
namespace {

constexpr unsigned kSubBits = SharedHistogram::kSubBits;
constexpr std::size_t kSubBuckets = std::size_t{1} << kSubBits;
constexpr std::uint64_t kLimit = (std::uint64_t{1} << SharedHistogram::kMaxBits) - 1;

std::size_t IndexOf(std::uint64_t value) {
  const auto width = static_cast<unsigned>(std::bit_width(value));
  const unsigned shift = width > kSubBits + 1 ? width - kSubBits - 1 : 0;
  return shift * kSubBuckets + (value >> shift);
}

double MiddleOf(std::size_t index) {
  if (index < 2 * kSubBuckets) {
    return static_cast<double>(index);
  }
  const std::size_t shift = index / kSubBuckets - 1;
  const std::uint64_t low = (index - shift * kSubBuckets) << shift;
  return static_cast<double>(low) + (static_cast<double>(std::uint64_t{1} << shift) - 1) / 2;
}

}  // namespace

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
  // The slack keeps a rank that is whole from being rounded up.
  const double wanted = std::ceil(percent / 100 * static_cast<double>(all) - 1e-6);
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, all);
  std::uint64_t seen = 0;
  std::size_t index = 0;
  while (seen + buckets[index] < rank) {
    seen += buckets[index++];
  }
  return MiddleOf(index);
}

std::vector<std::pair<double, std::uint64_t>> HistogramCounts::Values() const {
  std::vector<std::pair<double, std::uint64_t>> values;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets[i] > 0) {
      values.emplace_back(MiddleOf(i), buckets[i]);
    }
  }
  return values;
}

void SharedHistogram::Record(std::uint64_t value) {
  Bump(buckets_[IndexOf(std::min(value, kLimit))]);
  Bump(sum_, value);
}

HistogramCounts SharedHistogram::Read() const {
  HistogramCounts counts;
  counts.buckets.reserve(kBuckets);
  for (const auto& bucket : buckets_) {
    counts.buckets.push_back(bucket.load(std::memory_order_relaxed));
  }
  counts.sum = sum_.load(std::memory_order_relaxed);
  return counts;
}

}  // namespace sqlicorn
