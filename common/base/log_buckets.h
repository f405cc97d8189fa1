// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace sqlicorn {

// The buckets of a histogram whose relative error is bounded, as HdrHistogram has them: values
// below 2^(sub_bits + 1) have one each, and every later power of two is cut into 2^sub_bits. The
// middle of a bucket is off by at most one part in 2^(sub_bits + 1).
class LogBuckets {
 public:
  // For values below 2^max_bits.
  constexpr LogBuckets(unsigned sub_bits, unsigned max_bits)
      : sub_bits_(sub_bits), max_bits_(max_bits) {}

  [[nodiscard]] constexpr std::size_t count() const {
    return (max_bits_ - sub_bits_ + 1) * per_power();
  }

  [[nodiscard]] constexpr std::uint64_t greatest_value() const {
    return (std::uint64_t{1} << max_bits_) - 1;
  }

  [[nodiscard]] constexpr std::size_t IndexOf(std::uint64_t value) const {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > sub_bits_ + 1 ? width - sub_bits_ - 1 : 0;
    return shift * per_power() + (value >> shift);
  }

  // The middle of the bucket; the value itself where a bucket has one.
  [[nodiscard]] constexpr double MiddleOf(std::size_t index) const {
    if (index < 2 * per_power()) {
      return static_cast<double>(index);
    }
    const std::size_t shift = index / per_power() - 1;
    const std::uint64_t low = (index - shift * per_power()) << shift;
    return static_cast<double>(low) + (static_cast<double>(std::uint64_t{1} << shift) - 1) / 2;
  }

 private:
  [[nodiscard]] constexpr std::size_t per_power() const { return std::size_t{1} << sub_bits_; }

  unsigned sub_bits_;
  unsigned max_bits_;
};

}  // namespace sqlicorn
