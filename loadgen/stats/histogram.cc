// SPDX-License-Identifier: MIT
#include "loadgen/stats/histogram.h"

#include <algorithm>

#include "common/base/histogram.h"

namespace sqlicorn::loadgen {
namespace {

constexpr LogBuckets kLayout{10, 36};  // 1,024 a power of two, up to 2^36 us, 19 hours

}  // namespace

Histogram::Histogram() : buckets_(kLayout.count()) {}

Histogram::Histogram(const Content& content) : Histogram() {
  for (const auto& [value, count] : content.counts) {
    buckets_[kLayout.IndexOf(std::min(value, kLayout.greatest_value()))] += count;
    count_ += count;
  }
  if (count_ > 0) {
    sum_us_ = content.sum_us;
    min_us_ = content.min_us;
    max_us_ = content.max_us;
  }
}

Histogram::Content Histogram::content() const {
  Content content{{}, sum_us_, min_us(), max_us_};
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    if (buckets_[i] > 0) {
      // The middle, rounded down, lies in the bucket itself.
      content.counts.emplace_back(static_cast<std::uint64_t>(kLayout.MiddleOf(i)), buckets_[i]);
    }
  }
  return content;
}

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

Histogram Histogram::Without(const Histogram& part) const {
  Histogram rest;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    rest.buckets_[i] = buckets_[i] - part.buckets_[i];
    if (rest.buckets_[i] > 0) {
      const auto middle = static_cast<std::uint64_t>(kLayout.MiddleOf(i));
      rest.min_us_ = std::min(rest.min_us_, middle);
      rest.max_us_ = std::max(rest.max_us_, middle);
    }
  }
  rest.count_ = count_ - part.count_;
  rest.sum_us_ = sum_us_ - part.sum_us_;
  if (rest.count_ > 0) {
    rest.min_us_ = part.min_us() > min_us_ || part.count_ == 0 ? min_us_ : rest.min_us_;
    rest.max_us_ = part.max_us_ < max_us_ ? max_us_ : rest.max_us_;
  }
  return rest;
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
  const std::uint64_t rank = PercentileRank(count_, percent);
  if (rank == count_) {
    return static_cast<double>(max_us_);
  }
  const auto index = static_cast<std::size_t>(FindRank(buckets_, rank) - buckets_.begin());
  return std::clamp(kLayout.MiddleOf(index), static_cast<double>(min_us_),
                    static_cast<double>(max_us_));
}

}  // namespace sqlicorn::loadgen
