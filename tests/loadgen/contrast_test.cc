// SPDX-License-Identifier: MIT
#include "loadgen/compare/contrast.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

// A figure of `rounds` rounds around `middle`, of which no two are the same.
LogsByRound Around(double middle, std::size_t rounds, double spread) {
  LogsByRound logs;
  for (std::size_t i = 0; i < rounds; ++i) {
    const double side = i % 2 == 0 ? 1 : -1;
    logs.emplace_back(std::log(middle) +
                      side * spread * static_cast<double>(i + 1) / static_cast<double>(rounds));
  }
  return logs;
}

struct Case {
  std::string what;
  LogsByRound other;
  LogsByRound control;
  Finding finding;
};

TEST(Contrasts, JudgeBySignificanceRoundsAndNoise) {
  const LogsByRound steady = Around(100, 8, 0.001);
  const std::vector<Case> cases = {
      {"clearly more", Around(150, 8, 0.02), {}, Finding::kMore},
      {"clearly less", Around(50, 8, 0.02), {}, Finding::kLess},
      {"the same", Around(100, 8, 0.02), {}, Finding::kAlike},
      {"five rounds of eight", Around(150, 5, 0.02), {}, Finding::kTooFewRounds},
      {"never measured", {}, {}, Finding::kNotCompared},
      {"less than the first differs from itself", Around(103, 8, 0.001), Around(104, 8, 0.001),
       Finding::kAlike},
      {"more than the first differs from itself", Around(120, 8, 0.001), Around(104, 8, 0.001),
       Finding::kMore},
      {"the control lacks rounds", Around(120, 8, 0.001), Around(104, 2, 0.001), Finding::kMore},
  };
  for (const Case& c : cases) {
    const Contrasts contrasts = CompareToFirst({steady, c.other}, c.control);
    EXPECT_EQ(contrasts.of.at(1).finding, c.finding) << c.what;
    EXPECT_EQ(contrasts.of.at(0).finding, Finding::kNotCompared) << c.what;
  }
}

TEST(Contrasts, TellTheRatioAndItsInterval) {
  const Contrast contrast = CompareToFirst({Around(100, 10, 0), Around(200, 10, 0.1)}, {}).of.at(1);
  EXPECT_NEAR(contrast.ratio, 2, 0.05);
  EXPECT_LT(contrast.low, 2);
  EXPECT_GT(contrast.low, 1.8);
  EXPECT_GT(contrast.high, 2);
  EXPECT_EQ(contrast.rounds, 10U);
}

// What all configurations have in common in a round, such as a busy neighbour, falls out.
TEST(Contrasts, CompareWithinARound) {
  LogsByRound first;
  LogsByRound other;
  for (int i = 0; i < 8; ++i) {
    first.emplace_back(std::log(100 * (i + 1)));
    other.emplace_back(std::log(110 * (i + 1)));
  }
  const Contrast contrast = CompareToFirst({first, other}, {}).of.at(1);
  EXPECT_EQ(contrast.finding, Finding::kMore);
  EXPECT_NEAR(contrast.ratio, 1.1, 1e-9);
  EXPECT_NEAR(contrast.high, 1.1, 1e-9);
}

TEST(Contrasts, PassOverRoundsThatOneOfThemLacks) {
  LogsByRound other = Around(150, 8, 0.02);
  other[2].reset();
  LogsByRound first = Around(100, 9, 0.02);
  first[3].reset();
  EXPECT_EQ(CompareToFirst({first, other}, {}).of.at(1).rounds, 6U);
}

LogsByRound Logs(const std::vector<double>& rates) {
  LogsByRound logs;
  for (const double rate : rates) {
    logs.push_back(LogOfRate(rate, 1));  // 0 = not measured
  }
  return logs;
}

// The second measurement of the first says how much noise there is. It is no part of what the
// others are compared to.
TEST(Contrasts, AreToTheFirstOfTheSameRoundAlone) {
  struct Ratios {
    std::string what;
    std::vector<double> first;
    std::vector<double> other;
    std::vector<double> control;
    std::size_t rounds;
    double ratio;
    double control_ratio;  // 0 = none
  };

  const std::vector<Ratios> cases = {
      {"a slow control", {8870}, {8322}, {5900}, 1, 0.938219, 0.665163},
      {"the first lacks a round", {100, 0}, {50, 50}, {100, 25}, 1, 0.5, 1},
      {"the other lacks a round", {100, 100}, {0, 50}, {50, 50}, 1, 0.5, 0.5},
      {"a dead first", {0, 0}, {2600, 2700}, {0, 0}, 0, 0, 0},
      {"a first that is dead but for its control", {0, 0}, {50, 50}, {100, 100}, 0, 0, 0},
      {"a dead other", {100, 100}, {0, 0}, {100, 100}, 0, 0, 1},
  };
  for (const Ratios& c : cases) {
    const Contrasts contrasts = CompareToFirst({Logs(c.first), Logs(c.other)}, Logs(c.control));
    EXPECT_EQ(contrasts.of.at(1).rounds, c.rounds) << c.what;
    EXPECT_NEAR(contrasts.of.at(1).ratio, c.ratio, 1e-6) << c.what;
    EXPECT_EQ(contrasts.control.has_value(), c.control_ratio > 0) << c.what;
    EXPECT_NEAR(contrasts.control.value_or(Contrast()).ratio, c.control_ratio, 1e-6) << c.what;
  }
}

TEST(Contrasts, TellWhatTheFirstDiffersFromItself) {
  const Contrasts contrasts = CompareToFirst({Around(100, 8, 0)}, Around(98, 8, 0));
  ASSERT_TRUE(contrasts.control);
  EXPECT_NEAR(contrasts.noise, 0.02, 1e-9);
  EXPECT_EQ(contrasts.control->finding, Finding::kLess);
  EXPECT_FALSE(CompareToFirst({Around(100, 8, 0)}, {}).control);
  EXPECT_TRUE(CompareToFirst({}, {}).of.empty());
}

// One in twenty comparisons of a thing with itself is called different by chance alone, so twenty
// of them need more.
TEST(Contrasts, AreCorrectedForTheirNumber) {
  std::vector<LogsByRound> logs(21, Around(100, 10, 0.01));
  logs[1] = Around(150, 10, 0.02);
  logs[1].back() = std::log(99);
  EXPECT_EQ(CompareToFirst({logs[0], logs[1]}, {}).of.at(1).finding, Finding::kMore);
  EXPECT_EQ(CompareToFirst(logs, {}).of.at(1).finding, Finding::kAlike);
}

TEST(LeastRounds, AreThoseWhoseEqualSignsAreNoAccident) {
  EXPECT_EQ(LeastRounds(0), 6U);
  EXPECT_EQ(LeastRounds(1), 6U);
  EXPECT_EQ(LeastRounds(2), 7U);
  EXPECT_EQ(LeastRounds(7), 9U);
  EXPECT_EQ(LeastRounds(17), 10U);
}

TEST(LogOfRate, IsNoneWhereNothingSucceeded) {
  EXPECT_DOUBLE_EQ(LogOfRate(20, 2).value_or(0), std::log(10));
  EXPECT_FALSE(LogOfRate(0, 2));
  EXPECT_FALSE(LogOfRate(5, 0));
}

TEST(FindingText, SaysAllOfThem) {
  EXPECT_EQ(FindingText(Finding::kNotCompared), "-");
  EXPECT_EQ(FindingText(Finding::kTooFewRounds), "not enough rounds");
  EXPECT_EQ(FindingText(Finding::kAlike), "~");
  EXPECT_EQ(FindingText(Finding::kMore), "more");
  EXPECT_EQ(FindingText(Finding::kLess), "less");
}

}  // namespace
}  // namespace sqlicorn::loadgen
