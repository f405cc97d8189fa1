// SPDX-License-Identifier: MIT
#include "loadgen/plan/plan_order.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

namespace sqlicorn::loadgen {
namespace {

constexpr double kGuessedOverheadSeconds = 1;
constexpr double kNearlyDone = 0.99;

using Row = std::vector<std::size_t>;

// std::shuffle may differ from library to library. The bias of the remainder is one in 2^60.
template <typename T>
void Shuffle(std::mt19937_64& random, std::vector<T>* elements) {
  for (std::size_t i = elements->size(); i > 1; --i) {
    std::swap((*elements)[i - 1], (*elements)[random() % i]);
  }
}

// 0, 1, n-1, 2, n-2, …: no difference of neighbours occurs twice. Row k adds k to each. For an odd
// n the rows mirrored belong to it too.
std::vector<Row> WilliamsSquare(std::size_t n) {
  std::vector<Row> square;
  for (std::size_t k = 0; k < n; ++k) {
    Row row;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t zigzag = i % 2 == 1 ? (i + 1) / 2 : (n - i / 2) % n;
      row.push_back((zigzag + k) % n);
    }
    square.push_back(row);
    if (n % 2 == 1 && n > 1) {
      square.emplace_back(row.rbegin(), row.rend());
    }
  }
  return square;
}

std::vector<Row> DrawnSquare(std::size_t n, std::mt19937_64& random) {
  std::vector<Row> square = WilliamsSquare(n);
  Row names(n);
  std::iota(names.begin(), names.end(), std::size_t{0});
  Shuffle(random, &names);
  Shuffle(random, &square);
  for (Row& row : square) {
    for (std::size_t& place : row) {
      place = names[place];
    }
  }
  return square;
}

}  // namespace

std::vector<PlanStep> PlanOrder(std::size_t configurations, std::uint32_t rounds,
                                std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<PlanStep> order;
  std::vector<Row> rows;
  if (rounds == 1) {
    rows.resize(1, Row(configurations));
    std::iota(rows[0].begin(), rows[0].end(), std::size_t{0});
  }
  for (std::uint32_t round = 0; round < rounds; ++round) {
    if (rows.empty()) {
      rows = DrawnSquare(configurations, random);
    }
    for (const std::size_t configuration : rows.back()) {
      order.push_back({round, configuration});
    }
    rows.pop_back();
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
