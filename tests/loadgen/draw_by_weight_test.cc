// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "loadgen/run/step_cursor.h"

namespace sqlicorn::loadgen {
namespace {

std::vector<std::size_t> Draws(const std::vector<std::uint32_t>& weights, Random random,
                               int count) {
  std::vector<Sequence> sequences;
  for (const std::uint32_t weight : weights) {
    sequences.push_back({weight, {}});
  }
  const std::uint64_t sum = SumOfWeights(sequences);
  std::vector<std::size_t> draws;
  for (int i = 0; i < count; ++i) {
    draws.push_back(DrawByWeight(sequences, sum, random));
  }
  return draws;
}

TEST(DrawByWeight, DrawsByWeight) {
  constexpr int kDraws = 260'000;
  std::vector<int> counts(8);
  for (const std::size_t draw : Draws({10, 10, 1, 1, 1, 1, 1, 1}, Random(1, 1), kDraws)) {
    ++counts[draw];
  }
  EXPECT_NEAR(counts[0], 100'000, 1'500);  // six standard deviations
  EXPECT_NEAR(counts[1], 100'000, 1'500);
  for (std::size_t i = 2; i < 8; ++i) {
    EXPECT_NEAR(counts[i], 10'000, 600);
  }
}

TEST(DrawByWeight, NeverDrawsAWeightOfZero) {
  for (const std::size_t task : Draws({0, 3, 0}, Random(5, 0), 1000)) {
    EXPECT_EQ(task, 1u);
  }
}

TEST(DrawByWeight, RepeatsItselfForTheSameSeedAndStreamOnly) {
  const std::vector<std::uint32_t> weights = {1, 1, 1, 1};
  const auto first = Draws(weights, Random(42, 3), 64);
  EXPECT_EQ(first, Draws(weights, Random(42, 3), 64));
  EXPECT_NE(first, Draws(weights, Random(43, 3), 64));
  EXPECT_NE(first, Draws(weights, Random(42, 4), 64));
}

}  // namespace
}  // namespace sqlicorn::loadgen
