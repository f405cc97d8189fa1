// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>

namespace sqlicorn {

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
