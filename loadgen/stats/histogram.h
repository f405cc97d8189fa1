// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sqlicorn::loadgen {

// Counts durations in microseconds in log-linear buckets: exact up to 2,047 us, above that 1,024
// buckets per power of two (a value is known to 0.05 %), up to 19 hours; longer ones count in the
// last bucket. Count, sum, minimum and maximum are exact. Recording is O(1), and histograms add up.
// Memory is taken for the parts that have values, 4 KiB each, when the first falls into them: all
// of it is 54 of these, and a task that is seldom asked needs a few.
class Histogram {
 public:
  // All that a histogram holds, for a file.
  struct Content {
    // A value of each bucket that is not empty, rising, and how many fell into it.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> counts;
    std::uint64_t sum_us = 0;
    std::uint64_t min_us = 0;  // 0 when empty, as the maximum
    std::uint64_t max_us = 0;
  };

  Histogram();

  // One that has this content again.
  explicit Histogram(const Content& content);

  void Record(std::uint64_t us);
  void Merge(const Histogram& other);
  void Reset();

  [[nodiscard]] std::uint64_t count() const { return count_; }

  [[nodiscard]] std::uint64_t sum_us() const { return sum_us_; }

  // 0 when nothing was recorded.
  [[nodiscard]] std::uint64_t min_us() const { return count_ == 0 ? 0 : min_us_; }

  [[nodiscard]] std::uint64_t max_us() const { return max_us_; }

  [[nodiscard]] double MeanUs() const;

  [[nodiscard]] Content content() const;

  // The values that are not in `part`. Least and greatest are then known as the others are, to the
  // histogram's precision. REQUIRES: all that is in `part` was recorded here too.
  [[nodiscard]] Histogram Without(const Histogram& part) const;

  // The smallest recorded value that at least `percent` of all values do not exceed, to the
  // histogram's precision; 100 is the exact maximum, and an empty histogram says 0.
  [[nodiscard]] double PercentileUs(double percent) const;

 private:
  // The bucket, whose part is made where there is none.
  [[nodiscard]] std::uint64_t& BucketAt(std::size_t index);

  std::vector<std::vector<std::uint64_t>> parts_;  // of the buckets; an empty one has no value
  std::uint64_t count_ = 0;
  std::uint64_t sum_us_ = 0;
  std::uint64_t min_us_ = UINT64_MAX;
  std::uint64_t max_us_ = 0;
};

}  // namespace sqlicorn::loadgen
