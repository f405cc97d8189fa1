// SPDX-License-Identifier: MIT
#include "loadgen/run/task_picker.h"

#include "common/base/result.h"

namespace sqlicorn::loadgen {
namespace {

// The increment of the SplitMix64 generator (Steele, Lea, Flood 2014).
constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

std::uint64_t Mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

TaskPicker::TaskPicker(const std::vector<TaskSpec>& tasks, std::uint64_t seed, std::uint64_t stream)
    : state_(Mix(seed + kGolden) ^ Mix(stream * kGolden + 1)) {
  std::uint64_t sum = 0;
  for (const TaskSpec& task : tasks) {
    sum += task.weight;
    upper_.push_back(sum);
  }
  CHECK(sum >= 1 && sum <= UINT32_MAX);
}

std::size_t TaskPicker::Next() {
  // The high half of a 32 x 32 bit product: a draw below the sum without a division.
  const std::uint64_t draw = (NextRandom() >> 32) * upper_.back() >> 32;
  std::size_t task = 0;
  while (upper_[task] <= draw) {
    ++task;
  }
  return task;
}

std::uint64_t TaskPicker::NextRandom() {
  state_ += kGolden;
  return Mix(state_);
}

}  // namespace sqlicorn::loadgen
