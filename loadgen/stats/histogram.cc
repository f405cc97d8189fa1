// SPDX-License-Identifier: MIT
#include "loadgen/stats/histogram.h"

#include <algorithm>

#include "common/base/histogram.h"

namespace sqlicorn::loadgen {
namespace {

constexpr LogBuckets kLayout{10, 36};  // 1,024 a power of two, up to 2^36 us, 19 hours
constexpr std::size_t kPart = 512;     // buckets

}  // namespace

Histogram::Histogram() : parts_((kLayout.count() + kPart - 1) / kPart) {}

std::uint64_t& Histogram::BucketAt(std::size_t index) {
  std::vector<std::uint64_t>& part = parts_[index / kPart];
  if (part.empty()) {
    part.resize(kPart);
  }
  return part[index % kPart];
}

Histogram::Histogram(const Content& content) : Histogram() {
  for (const auto& [value, count] : content.counts) {
    BucketAt(kLayout.IndexOf(std::min(value, kLayout.greatest_value()))) += count;
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
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    for (std::size_t j = 0; j < parts_[i].size(); ++j) {
      if (parts_[i][j] > 0) {
        // The middle, rounded down, lies in the bucket itself.
        const double middle = kLayout.MiddleOf(i * kPart + j);
        content.counts.emplace_back(static_cast<std::uint64_t>(middle), parts_[i][j]);
      }
    }
  }
  return content;
}

void Histogram::Record(std::uint64_t us) {
  ++BucketAt(kLayout.IndexOf(std::min(us, kLayout.greatest_value())));
  ++count_;
  sum_us_ += us;
  min_us_ = std::min(min_us_, us);
  max_us_ = std::max(max_us_, us);
}

void Histogram::Merge(const Histogram& other) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].empty()) {
      parts_[i] = other.parts_[i];
      continue;
    }
    for (std::size_t j = 0; j < other.parts_[i].size(); ++j) {
      parts_[i][j] += other.parts_[i][j];
    }
  }
  count_ += other.count_;
  sum_us_ += other.sum_us_;
  min_us_ = std::min(min_us_, other.min_us_);
  max_us_ = std::max(max_us_, other.max_us_);
}

Histogram Histogram::Without(const Histogram& part) const {
  Histogram rest;
  rest.parts_ = parts_;
  for (std::size_t i = 0; i < part.parts_.size(); ++i) {
    for (std::size_t j = 0; j < part.parts_[i].size(); ++j) {
      rest.parts_[i][j] -= part.parts_[i][j];
    }
  }
  if (const Content left = rest.content(); !left.counts.empty()) {
    rest.min_us_ = left.counts.front().first;
    rest.max_us_ = left.counts.back().first;
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
  for (std::vector<std::uint64_t>& part : parts_) {
    std::fill(part.begin(), part.end(), 0);
  }
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
  std::uint64_t below = 0;
  std::size_t index = 0;
  for (std::size_t i = 0; i < parts_.size() && below < rank; ++i) {
    for (std::size_t j = 0; j < parts_[i].size() && below < rank; ++j) {
      below += parts_[i][j];
      index = i * kPart + j;
    }
  }
  return std::clamp(kLayout.MiddleOf(index), static_cast<double>(min_us_),
                    static_cast<double>(max_us_));
}

}  // namespace sqlicorn::loadgen
