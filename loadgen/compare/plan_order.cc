// SPDX-License-Identifier: MIT
#include "loadgen/compare/plan_order.h"

#include <random>
#include <utility>

namespace sqlicorn::loadgen {

std::vector<PlanStep> PlanOrder(std::size_t configurations, std::uint32_t rounds,
                                std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<PlanStep> order;
  for (std::uint32_t round = 0; round < rounds; ++round) {
    const std::size_t first = order.size();
    for (std::size_t i = 0; i < configurations; ++i) {
      order.push_back({round, i});
    }
    // std::shuffle may differ from library to library. The bias of the remainder is one in 2^60.
    for (std::size_t i = configurations; rounds > 1 && i > 1; --i) {
      std::swap(order[first + i - 1], order[first + random() % i]);
    }
  }
  return order;
}

}  // namespace sqlicorn::loadgen
