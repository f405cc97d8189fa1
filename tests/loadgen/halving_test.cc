// SPDX-License-Identifier: MIT
#include "loadgen/tune/halving.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using std::chrono::seconds;
using Candidates = std::vector<std::size_t>;

// Candidate i has the score i; the first is what there is now.
HalvingState State(std::size_t candidates, std::uint32_t rounds) {
  HalvingState state;
  state.candidates.resize(candidates + 1);
  for (std::size_t i = 0; i <= candidates; ++i) {
    state.candidates[i].score = static_cast<double>(i);
  }
  state.rounds = rounds;
  state.per_run = seconds(1);
  return state;
}

TEST(Halving, KeepsTheBetterHalf) {
  HalvingState state = State(12, 1);
  EXPECT_TRUE(Halve(&state));
  EXPECT_EQ(state.rounds, 0U);
  EXPECT_EQ(RoundOfSearch(state, seconds(999)), (Candidates{0, 7, 8, 9, 10, 11, 12}));
}

TEST(Halving, GivesTheBetterHalfTwiceAsManyRounds) {
  HalvingState state = State(12, 1);
  ASSERT_TRUE(Halve(&state));
  state.rounds = 1;
  EXPECT_FALSE(Halve(&state));
  state.rounds = 2;
  EXPECT_TRUE(Halve(&state));
  EXPECT_EQ(RoundOfSearch(state, seconds(999)), (Candidates{0, 9, 10, 11, 12}));
}

TEST(Halving, LeavesTheFinalistsTogether) {
  HalvingState state = State(kFinalists, 50);
  EXPECT_FALSE(Halve(&state));
  EXPECT_EQ(RoundOfSearch(state, seconds(999)).size(), kFinalists + 1);
}

TEST(Halving, DropsWhatDoesNotFitFirst) {
  HalvingState state = State(12, 1);
  for (std::size_t i = 4; i <= 12; ++i) {
    state.candidates[i].fits = false;
  }
  EXPECT_TRUE(Halve(&state));
  EXPECT_EQ(RoundOfSearch(state, seconds(999)), (Candidates{0, 1, 2, 3}));
}

TEST(Halving, GoesOnWhenNothingFits) {
  HalvingState state = State(8, 1);
  for (CandidateState& candidate : state.candidates) {
    candidate.fits = false;
  }
  EXPECT_TRUE(Halve(&state));
  EXPECT_EQ(RoundOfSearch(state, seconds(999)), (Candidates{0, 5, 6, 7, 8}));
}

TEST(Halving, DropsNothingBeforeARound) {
  HalvingState state = State(12, 0);
  EXPECT_FALSE(Halve(&state));
  EXPECT_EQ(RoundOfSearch(state, seconds(999)).size(), 13U);
}

TEST(RoundOfSearch, EndsWithTheBudget) {
  HalvingState state = State(4, 1);
  state.elapsed = seconds(95);
  EXPECT_EQ(RoundOfSearch(state, seconds(100)).size(), 5U);
  EXPECT_TRUE(RoundOfSearch(state, seconds(99)).empty());
  state.per_run = {};
  EXPECT_EQ(RoundOfSearch(state, seconds(1)).size(), 5U) << "the first round";
}

TEST(AffordableCandidates, LeaveTimeForTheFinalists) {
  EXPECT_EQ(AffordableCandidates(seconds(5), seconds(1)), kFinalists);
  EXPECT_EQ(AffordableCandidates(seconds(46), seconds(1)), 9U);
  const std::size_t ten_minutes = AffordableCandidates(seconds(600), seconds(2));
  EXPECT_GT(ten_minutes, 30U);
  EXPECT_LT(ten_minutes, 150U);
  EXPECT_EQ(AffordableCandidates(seconds(60000), seconds(2)), kMostCandidates - 1);
}

// A tenth of noise in each round, scores 2 % apart: the best is among the finalists nearly always.
TEST(Halving, FindsTheBestThroughNoise) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> noise(0, 0.1);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    HalvingState state = State(32, 0);
    std::vector<double> sums(33, 0);
    std::vector<int> counts(33, 0);
    for (int round = 0; round < 40; ++round) {
      for (const std::size_t c : RoundOfSearch(state, seconds(100000))) {
        sums[c] += 0.02 * static_cast<double>(c) + noise(random);
        ++counts[c];
        state.candidates[c].score = sums[c] / counts[c];
      }
      ++state.rounds;
      Halve(&state);
    }
    found += state.candidates[32].left ? 1 : 0;
  }
  EXPECT_GE(found, 190);
}

TEST(LeastBudget, IsARoundOfTheFinalistsAndWhatThereIs) {
  EXPECT_EQ(LeastBudget(std::chrono::seconds(2)), std::chrono::seconds(10));
}

}  // namespace
}  // namespace sqlicorn::loadgen
