// SPDX-License-Identifier: MIT
#include "loadgen/tune/halving.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "loadgen/compare/contrast.h"

namespace sqlicorn::loadgen {
namespace {

using Candidates = std::vector<std::size_t>;

Candidates Left(const HalvingState& state) {
  Candidates left;
  for (std::size_t i = 1; i < state.candidates.size(); ++i) {
    if (state.candidates[i].left) {
      left.push_back(i);
    }
  }
  return left;
}

// How many rounds those that are left have before the next halving: one at first, twice as many
// with each that was made.
std::uint32_t RoundsOfRung(std::size_t left, std::size_t all) {
  const double halvings = std::log2(static_cast<double>(all) / static_cast<double>(left));
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::exp2(std::floor(halvings))));
}

}  // namespace

bool Halve(HalvingState* state) {
  Candidates left = Left(*state);
  if (state->rounds == 0 || left.size() <= kFinalists ||
      state->rounds < RoundsOfRung(left.size(), state->candidates.size() - 1)) {
    return false;
  }
  std::stable_sort(left.begin(), left.end(), [&](std::size_t a, std::size_t b) {
    const CandidateState& one = state->candidates[a];
    const CandidateState& other = state->candidates[b];
    return one.fits != other.fits ? one.fits : one.score > other.score;
  });
  const auto fitting = static_cast<std::size_t>(std::count_if(
      left.begin(), left.end(), [&](std::size_t i) { return state->candidates[i].fits; }));
  std::size_t keep = std::max(kFinalists, (left.size() + 1) / 2);
  keep = fitting > 0 ? std::min(keep, fitting) : keep;
  for (std::size_t i = keep; i < left.size(); ++i) {
    state->candidates[left[i]].left = false;
  }
  state->rounds = 0;
  return keep < left.size();
}

std::vector<std::size_t> RoundOfSearch(const HalvingState& state, Duration budget) {
  Candidates round = Left(state);
  round.insert(round.begin(), 0);
  const Duration cost = state.per_run * static_cast<Duration::rep>(round.size());
  const bool first = state.per_run == Duration::zero();
  return first || state.elapsed + cost <= budget ? round : Candidates();
}

Duration LeastBudget(Duration per_run) {
  return per_run * static_cast<Duration::rep>(kFinalists + 1);
}

std::size_t AffordableCandidates(Duration budget, Duration per_run) {
  const double runs = ToSeconds(budget) / ToSeconds(per_run);
  // Where there is not time for all, the search has half: a proof that the best of four is the best
  // helps little when forty were never tried.
  const double wanted = static_cast<double>((kFinalists + 1) * LeastRounds(kFinalists));
  const double finals = std::min(wanted, runs / 2);
  std::size_t affordable = kFinalists;
  for (std::size_t n = kFinalists + 1; n < kMostCandidates; ++n) {
    // A rung costs as much as the one before it, because half as many have twice as many rounds;
    // what there is now takes part in each round.
    const double rungs = std::ceil(std::log2(static_cast<double>(n) / kFinalists));
    const double cost = static_cast<double>(n) * rungs + std::exp2(rungs);
    affordable = cost + finals <= runs ? n : affordable;
  }
  return affordable;
}

}  // namespace sqlicorn::loadgen
