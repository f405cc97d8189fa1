// SPDX-License-Identifier: MIT
#include "loadgen/compare/plan_order.h"

#include <algorithm>
#include <random>
#include <utility>

namespace sqlicorn::loadgen {
namespace {

constexpr double kGuessedOverheadSeconds = 1;
constexpr double kNearlyDone = 0.99;

}  // namespace

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

PlanEstimate EstimatePlan(const PlanPosition& position) {
  if (position.done >= position.runs) {
    return {1, Duration::zero()};
  }
  const auto done = static_cast<double>(position.done);
  const auto runs = static_cast<double>(position.runs);
  const double per_run = position.done > 0
                             ? ToSeconds(position.done_time) / done
                             : ToSeconds(position.load_time) + kGuessedOverheadSeconds;
  const double of_run =
      per_run > 0 ? std::min(ToSeconds(position.run_elapsed) / per_run, kNearlyDone) : 0;
  return {(done + of_run) / runs, FromSeconds((runs - done - of_run) * per_run)};
}

}  // namespace sqlicorn::loadgen
