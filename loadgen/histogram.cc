// SPDX-License-Identifier: MIT
#include "loadgen/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sqlicorn::loadgen {
namespace {

constexpr int kSubBits = 10;  // 1,024 buckets per power of two
constexpr std::uint64_t kSubBuckets = std::uint64_t{1} << kSubBits;
constexpr int kMaxBits = 36;  // 2^36 us are 19 hours
constexpr std::uint64_t kLimitUs = (std::uint64_t{1} << kMaxBits) - 1;
constexpr std::size_t kBuckets = (kMaxBits - kSubBits + 1) * kSubBuckets;

// How many low bits the buckets of this value ignore.
int ShiftOf(std::uint64_t us) {
  return std::max(0, static_cast<int>(std::bit_width(us)) - kSubBits - 1);
}

std::size_t IndexOf(std::uint64_t us) {
  const int shift = ShiftOf(us);
  return static_cast<std::size_t>(shift) * kSubBuckets + (us >> shift);
}

// The middle of the bucket; the value itself where buckets are one microsecond wide.
double MiddleOf(std::size_t index) {
  if (index < 2 * kSubBuckets) {
    return static_cast<double>(index);
  }
  const std::size_t shift = index / kSubBuckets - 1;
  const std::uint64_t low = (index - shift * kSubBuckets) << shift;
  return static_cast<double>(low) + (static_cast<double>(std::uint64_t{1} << shift) - 1) / 2;
}

}  // namespace

Histogram::Histogram() : buckets_(kBuckets) {}

void Histogram::Record(std::uint64_t us) {
  ++buckets_[IndexOf(std::min(us, kLimitUs))];
  ++count_;
  sum_us_ += us;
  min_us_ = std::min(min_us_, us);
  max_us_ = std::max(max_us_, us);
}

void Histogram::Merge(const Histogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) {
    buckets_[i] += other.buckets_[i];
  }
  count_ += other.count_;
  sum_us_ += other.sum_us_;
  min_us_ = std::min(min_us_, other.min_us_);
  max_us_ = std::max(max_us_, other.max_us_);
}

void Histogram::Reset() {
  std::fill(buckets_.begin(), buckets_.end(), 0);
  count_ = 0;
  sum_us_ = 0;
  min_us_ = UINT64_MAX;
  max_us_ = 0;
}

double Histogram::MeanUs() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_us_) / static_cast<double>(count_);
}

double Histogram::PercentileUs(double percent) const {
  if (count_ == 0) {
    return 0;
  }
  // The slack keeps 99.9 % of 2,000, in binary a hair above 1,998, at rank 1,998.
  const double wanted = std::ceil(percent / 100 * static_cast<double>(count_) - 1e-6);
  const std::uint64_t rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
  if (rank >= count_) {
    return static_cast<double>(max_us_);
  }
  std::uint64_t seen = 0;
  std::size_t index = 0;
  while (seen + buckets_[index] < rank) {
    seen += buckets_[index++];
  }
  return std::clamp(MiddleOf(index), static_cast<double>(min_us_), static_cast<double>(max_us_));
}

}  // namespace sqlicorn::loadgen
