// SPDX-License-Identifier: MIT
// What the statistics conclude when nothing differs, and when something does, with the noise of a
// real machine: rounds are drawn from a table that was measured with one configuration under three
// names (noise.csv). On that machine, busy with other things, requests per second varied by a third
// from round to round, and no affordable number of rounds finds a tenth in them (the last test says
// how rarely); CPU time per request varied by a twelfth.
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/compare/contrast.h"
#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {
namespace {

enum class Figure : std::size_t { kOkRate = 0, kCpu = 3 };  // first column

using Row = std::array<double, 3>;  // logarithms

std::vector<Row> Noise(Figure figure) {
  std::ifstream file(NOISE_FILE);
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.find_first_not_of("0123456789.,") != std::string::npos) {
      continue;
    }
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream in(line);
    std::array<double, 6> numbers{};
    for (double& number : numbers) {
      in >> number;
    }
    const auto first = static_cast<std::size_t>(figure);
    rows.push_back(
        {std::log(numbers[first]), std::log(numbers[first + 1]), std::log(numbers[first + 2])});
  }
  return rows;
}

class Simulation {
 public:
  explicit Simulation(Figure figure) : rows_(Noise(figure)) {}

  // A comparison of the first, of another that is `factor` times as much, and of the first again.
  Finding Compare(double factor, std::uint32_t rounds) {
    std::vector<LogsByRound> logs(2);
    LogsByRound control;
    for (std::uint32_t round = 0; round < rounds; ++round) {
      Row row = rows_[random_() % rows_.size()];
      std::shuffle(row.begin(), row.end(), random_);
      logs[0].emplace_back(row[0]);
      logs[1].emplace_back(row[1] + std::log(factor));
      control.emplace_back(row[2]);
    }
    return CompareToFirst(logs, control).of.at(1).finding;
  }

  // How many of `times` comparisons found this.
  int Count(Finding wanted, double factor, int times) {
    int count = 0;
    for (int i = 0; i < times; ++i) {
      count += Compare(factor, ComparisonPlan().rounds) == wanted ? 1 : 0;
    }
    return count;
  }

  [[nodiscard]] std::size_t size() const { return rows_.size(); }

 private:
  std::vector<Row> rows_;
  std::mt19937_64 random_{20260};  // the same draws in every run
};

constexpr int kTimes = 1000;

TEST(NoiseSimulation, CallsTheSameThingDifferentInAtMostFivePercent) {
  for (const Figure figure : {Figure::kOkRate, Figure::kCpu}) {
    Simulation simulation(figure);
    ASSERT_EQ(simulation.size(), 60U);
    const int alike = simulation.Count(Finding::kAlike, 1, kTimes);
    EXPECT_GE(alike, kTimes * 95 / 100) << static_cast<int>(figure);
  }
}

TEST(NoiseSimulation, FindsATenthOfCpuTimeInAtLeastNinetyPercent) {
  Simulation simulation(Figure::kCpu);
  EXPECT_GE(simulation.Count(Finding::kMore, 1.1, kTimes), kTimes * 90 / 100);
  EXPECT_GE(simulation.Count(Finding::kLess, 1 / 1.1, kTimes), kTimes * 90 / 100);
}

TEST(NoiseSimulation, FindsTwiceTheRateInAtLeastNinetyPercent) {
  Simulation simulation(Figure::kOkRate);
  EXPECT_GE(simulation.Count(Finding::kMore, 2, kTimes), kTimes * 90 / 100);
}

// And never takes a tenth more for less.
TEST(NoiseSimulation, RarelyFindsATenthOfTheRateOnABusyMachine) {
  Simulation simulation(Figure::kOkRate);
  EXPECT_LT(simulation.Count(Finding::kMore, 1.1, kTimes), kTimes / 2);
  EXPECT_LE(simulation.Count(Finding::kLess, 1.1, kTimes), kTimes / 50);
}

}  // namespace
}  // namespace sqlicorn::loadgen
