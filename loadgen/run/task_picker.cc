// SPDX-License-Identifier: MIT
#include "loadgen/run/task_picker.h"

#include "common/base/result.h"

namespace sqlicorn::loadgen {

TaskPicker::TaskPicker(const std::vector<std::uint32_t>& weights, std::uint64_t seed,
                       std::uint64_t stream)
    : random_(seed, stream) {
  std::uint64_t sum = 0;
  for (const std::uint32_t weight : weights) {
    sum += weight;
    upper_.push_back(sum);
  }
  CHECK(sum >= 1 && sum <= UINT32_MAX);
}

std::size_t TaskPicker::Next() {
  // The high half of a 32 x 32 bit product: a draw below the sum without a division.
  const std::uint64_t draw = (random_.Next() >> 32) * upper_.back() >> 32;
  std::size_t task = 0;
  while (upper_[task] <= draw) {
    ++task;
  }
  return task;
}

}  // namespace sqlicorn::loadgen
