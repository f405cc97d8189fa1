// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/clock.h"

namespace sqlicorn::loadgen {

// What is known of one candidate of a search.
struct CandidateState {
  double score = 0;  // the higher the better; of the rounds that all that are left took part in
  bool fits = true;  // what is required of it
  bool left = true;  // in the search
};

// Where a search is. Candidate 0 is what there is now: it stays until the end, to be compared with.
struct HalvingState {
  std::vector<CandidateState> candidates;
  std::uint32_t rounds = 0;  // since candidates were last dropped
  Duration elapsed{};
  Duration per_run{};  // that a run has taken, on average; 0 = unknown
};

inline constexpr std::size_t kFinalists = 4;
inline constexpr std::size_t kMostCandidates = 64;  // each keeps a few MiB of histograms

// Successive halving (Karnin, Koren and Somekh, ICML 2013, in its plainest form): a round of all,
// then the better half stays and has twice as many rounds, until few are left, which share what is
// left of the budget. What does not fit goes first, unless nothing does. Drops candidates from the
// state; true when it did.
bool Halve(HalvingState* state);

// The candidates of the next round, rising: those left, as long as the budget lasts. The first
// round is always made.
[[nodiscard]] std::vector<std::size_t> RoundOfSearch(const HalvingState& state, Duration budget);

// What the smallest search takes: one round of the finalists and what there is now, `per_run` each.
[[nodiscard]] Duration LeastBudget(Duration per_run);

// How many candidates a budget is enough for, so that the finalists have rounds enough to be told
// apart, or half of the time where it is short. At least kFinalists, less than kMostCandidates.
[[nodiscard]] std::size_t AffordableCandidates(Duration budget, Duration per_run);

}  // namespace sqlicorn::loadgen
