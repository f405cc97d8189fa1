// SPDX-License-Identifier: MIT
#include "loadgen/stats/histogram.h"

#include <algorithm>
#include <cmath>

#include "common/base/log_buckets.h"

namespace sqlicorn::loadgen {
namespace {

constexpr LogBuckets kLayout{10, 36};  // 1,024 a power of two, up to 2^36 us, 19 hours

}  // namespace

Histogram::Histogram() : buckets_(kLayout.count()) {}

void Histogram::Record(std::uint64_t us) {
  ++buckets_[kLayout.IndexOf(std::min(us, kLayout.greatest_value()))];
  ++count_;
  sum_us_ += us;
  min_us_ = std::min(min_us_, us);
  max_us_ = std::max(max_us_, us);
}

void Histogram::Merge(const Histogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
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
  return std::clamp(kLayout.MiddleOf(index), static_cast<double>(min_us_),
                    static_cast<double>(max_us_));
}

}  // namespace sqlicorn::loadgen
