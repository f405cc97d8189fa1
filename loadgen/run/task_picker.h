// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// Draws tasks independently with probability weight / sum of weights, the same sequence for the
// same seed and stream. One per user: what a user does must not depend on how fast the others are.
class TaskPicker {
 public:
  // REQUIRES: the weights sum to at least 1 and to less than 2^32.
  TaskPicker(const std::vector<TaskSpec>& tasks, std::uint64_t seed, std::uint64_t stream);

  // An index into `tasks`.
  [[nodiscard]] std::size_t Next();

 private:
  [[nodiscard]] std::uint64_t NextRandom();

  std::vector<std::uint64_t> upper_;  // running sums of the weights
  std::uint64_t state_;
};

}  // namespace sqlicorn::loadgen
