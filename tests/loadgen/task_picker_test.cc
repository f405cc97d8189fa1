// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "loadgen/run/step_cursor.h"

namespace sqlicorn::loadgen {
namespace {

std::vector<std::size_t> Draws(TaskPicker picker, int count) {
  std::vector<std::size_t> draws;
  for (int i = 0; i < count; ++i) {
    draws.push_back(picker.Next());
  }
  return draws;
}

TEST(TaskPicker, DrawsByWeight) {
  constexpr int kDraws = 260'000;
  TaskPicker picker({10, 10, 1, 1, 1, 1, 1, 1}, 1, 1);
  std::vector<int> counts(8);
  for (int i = 0; i < kDraws; ++i) {
    ++counts[picker.Next()];
  }
  EXPECT_NEAR(counts[0], 100'000, 1'500);  // six standard deviations
  EXPECT_NEAR(counts[1], 100'000, 1'500);
  for (std::size_t i = 2; i < 8; ++i) {
    EXPECT_NEAR(counts[i], 10'000, 600);
  }
}

TEST(TaskPicker, NeverDrawsAWeightOfZero) {
  for (const std::size_t task : Draws(TaskPicker({0, 3, 0}, 5, 0), 1000)) {
    EXPECT_EQ(task, 1u);
  }
}

TEST(TaskPicker, RepeatsItselfForTheSameSeedAndStreamOnly) {
  const std::vector<std::uint32_t> weights = {1, 1, 1, 1};
  const auto first = Draws(TaskPicker(weights, 42, 3), 64);
  EXPECT_EQ(first, Draws(TaskPicker(weights, 42, 3), 64));
  EXPECT_NE(first, Draws(TaskPicker(weights, 43, 3), 64));
  EXPECT_NE(first, Draws(TaskPicker(weights, 42, 4), 64));
}

}  // namespace
}  // namespace sqlicorn::loadgen
