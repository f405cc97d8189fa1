// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>

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

// The rank, from 1, of the least of `all` sorted values that `percent` of them do not exceed.
// REQUIRES: all > 0.
[[nodiscard]] inline std::uint64_t PercentileRank(std::uint64_t all, double percent) {
  // The slack keeps 99.9 % of 2,000, in binary a hair above 1,998, at rank 1,998.
  const double wanted = std::ceil(percent / 100 * static_cast<double>(all) - 1e-6);
  return std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, all);
}

// Where the value of that rank is among ascending values that are only counted: in the first place
// up to which so many of them lie, in the last one where they are fewer. `count_of` takes the count
// out of an element. REQUIRES: `counts` is not empty.
template <typename Counts, typename CountOf = std::identity>
[[nodiscard]] auto FindRank(const Counts& counts, std::uint64_t rank, CountOf count_of = {}) {
  auto at = std::begin(counts);
  std::uint64_t seen = count_of(*at);
  for (auto next = std::next(at); seen < rank && next != std::end(counts); ++next) {
    seen += count_of(*next);
    at = next;
  }
  return at;
}

}  // namespace sqlicorn
