// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace sqlicorn::loadgen {

// How many requests ended in each second of the wall clock, which is what locust tells of a run.
// Grows by 24 octets for each second that has one.
class EachSecond {
 public:
  struct Count {
    std::int64_t unix_s = 0;
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;  // among them
  };

  // `end_us` is unix time.
  void Record(std::int64_t end_us, bool failed);

  // Rising, those without a request left out.
  [[nodiscard]] const std::vector<Count>& counts() const { return counts_; }

  // When the first and the last request ended, unix time; 0 without one.
  [[nodiscard]] std::int64_t first_us() const { return first_us_; }

  [[nodiscard]] std::int64_t last_us() const { return last_us_; }

 private:
  std::vector<Count> counts_;
  std::int64_t first_us_ = 0;
  std::int64_t last_us_ = 0;
};

}  // namespace sqlicorn::loadgen
