// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loadgen/scenario/random.h"

namespace sqlicorn::loadgen {

// Draws independently with probability weight / sum of weights, the same sequence for the same seed
// and stream. One per user: what a user does must not depend on how fast the others are.
class TaskPicker {
 public:
  // REQUIRES: the weights sum to at least 1 and to less than 2^32.
  TaskPicker(const std::vector<std::uint32_t>& weights, std::uint64_t seed, std::uint64_t stream);

  // An index into `weights`.
  [[nodiscard]] std::size_t Next();

 private:
  std::vector<std::uint64_t> upper_;  // running sums of the weights
  Random random_;
};

}  // namespace sqlicorn::loadgen
