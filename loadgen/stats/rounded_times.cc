// SPDX-License-Identifier: MIT
#include "loadgen/stats/rounded_times.h"

#include <algorithm>

namespace sqlicorn::loadgen {
namespace {

std::uint64_t RoundHalfEven(std::uint64_t value, std::uint64_t unit) {
  const std::uint64_t whole = value / unit;
  const std::uint64_t twice_rest = value % unit * 2;
  const bool up = twice_rest > unit || (twice_rest == unit && whole % 2 == 1);
  return whole + (up ? 1 : 0);
}

// Keys in rising order without gaps: 0..99, 100..990 by 10, 1000..9900 by 100, then by 1000.
std::size_t PositionOf(std::uint64_t key) {
  if (key < 100) {
    return key;
  }
  if (key < 1000) {
    return 100 + (key - 100) / 10;
  }
  if (key < 10000) {
    return 190 + (key - 1000) / 100;
  }
  return 280 + (key - 10000) / 1000;
}

std::uint64_t KeyOf(std::size_t position) {
  if (position < 100) {
    return position;
  }
  if (position < 190) {
    return 100 + (position - 100) * 10;
  }
  if (position < 280) {
    return 1000 + (position - 190) * 100;
  }
  return 10000 + (position - 280) * 1000;
}

constexpr std::size_t kInitialPositions = 300;

}  // namespace

std::uint64_t LocustKeyMs(std::uint64_t us) {
  if (us < 100'000) {
    return RoundHalfEven(us, 1000);
  }
  if (us < 1'000'000) {
    return RoundHalfEven(us, 10'000) * 10;
  }
  if (us < 10'000'000) {
    return RoundHalfEven(us, 100'000) * 100;
  }
  return RoundHalfEven(us, 1'000'000) * 1000;
}

RoundedTimes::RoundedTimes() : counts_(kInitialPositions) {}

void RoundedTimes::Record(std::uint64_t us) {
  Add(LocustKeyMs(us), 1);
}

void RoundedTimes::Add(std::uint64_t key_ms, std::uint64_t count) {
  const std::size_t position = PositionOf(key_ms);
  if (position >= counts_.size()) {
    counts_.resize(position + 1);
  }
  counts_[position] += count;
  count_ += count;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> RoundedTimes::Counts() const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > 0) {
      counts.emplace_back(KeyOf(i), counts_[i]);
    }
  }
  return counts;
}

void RoundedTimes::Merge(const RoundedTimes& other) {
  counts_.resize(std::max(counts_.size(), other.counts_.size()));
  for (std::size_t i = 0; i < other.counts_.size(); ++i) {
    counts_[i] += other.counts_[i];
  }
  count_ += other.count_;
}

RoundedTimes RoundedTimes::Since(const RoundedTimes& earlier) const {
  RoundedTimes difference = *this;
  for (std::size_t i = 0; i < earlier.counts_.size(); ++i) {
    difference.counts_[i] -= earlier.counts_[i];
  }
  difference.count_ -= earlier.count_;
  return difference;
}

void RoundedTimes::Reset() {
  std::fill(counts_.begin(), counts_.end(), 0);
  count_ = 0;
}

std::uint64_t RoundedTimes::PercentileMs(double fraction) const {
  if (count_ == 0) {
    return 0;
  }
  const auto rank = static_cast<std::uint64_t>(static_cast<double>(count_) * fraction);
  return KeyAt(std::min(rank, count_ - 1));
}

std::uint64_t RoundedTimes::MedianMs() const {
  return count_ == 0 ? 0 : KeyAt((count_ - 1) / 2);
}

std::uint64_t RoundedTimes::KeyAt(std::uint64_t rank) const {
  std::uint64_t seen = 0;
  std::size_t position = 0;
  while (seen + counts_[position] <= rank) {
    seen += counts_[position++];
  }
  return KeyOf(position);
}

}  // namespace sqlicorn::loadgen
