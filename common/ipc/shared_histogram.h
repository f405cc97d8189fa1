// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/histogram.h"

namespace sqlicorn {

// What a SharedHistogram held at some instant: plain counts that add up.
struct HistogramCounts {
  std::vector<std::uint64_t> buckets;  // empty = all 0
  std::uint64_t sum = 0;               // of the values, exact

  void Add(const HistogramCounts& other);

  [[nodiscard]] std::uint64_t count() const;

  // The value that `percent` of all values do not exceed, to the histogram's precision; none when
  // there are no values.
  [[nodiscard]] std::optional<double> Percentile(double percent) const;

  // The values that occurred and how often, ascending.
  [[nodiscard]] std::vector<std::pair<double, std::uint64_t>> Values() const;
};

// How often which value occurred, in shared memory: recorded by one process with plain stores, read
// by others at any time. Exact below 16; above that 8 buckets per power of two, and a value is told
// as the middle of its bucket, at most 6.25 % off. Values from 2^30 on (18 minutes in microseconds)
// count as that.
class SharedHistogram {
 public:
  static constexpr LogBuckets kLayout{3, 30};
  static constexpr std::size_t kBuckets = kLayout.count();

  void Record(std::uint64_t value);

  // A reader may see a value in its bucket and not yet in the sum.
  [[nodiscard]] HistogramCounts Read() const;

 private:
  std::array<std::atomic<std::uint64_t>, kBuckets> buckets_{};
  std::atomic<std::uint64_t> sum_{};
};

}  // namespace sqlicorn
