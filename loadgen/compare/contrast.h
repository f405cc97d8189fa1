// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace sqlicorn::loadgen {

// What the rounds say of one figure of a configuration against the first.
enum class Finding {
  kNotCompared,   // it is the first, or there is no round in which both were measured
  kTooFewRounds,  // fewer than LeastRounds: whatever they are, they prove nothing
  kAlike,         // they cannot be told apart, or differ by less than the first does from itself
  kMore,
  kLess
};

inline constexpr double kConfidence = 0.95;

// How many rounds can prove a difference when so many configurations are compared to the first: 6
// for one of them, because five equal signs of five happen by chance once in sixteen times.
[[nodiscard]] std::size_t LeastRounds(std::size_t compared);

// One figure of a configuration as a ratio to the first's, from ratios of the same round.
struct Contrast {
  Finding finding = Finding::kNotCompared;
  std::size_t rounds = 0;  // in which both were measured
  double ratio = 0;        // the estimate of Hodges and Lehmann; 0 = not compared
  double low = 0;          // of its interval of 95 %; of all rounds where they are too few for one
  double high = 0;
  double p = 1;  // corrected for the number of configurations
};

// What a figure was in each round, as natural logarithms; none where it was not measured.
using LogsByRound = std::vector<std::optional<double>>;

// One figure of all configurations against the first.
struct Contrasts {
  std::vector<Contrast> of;         // by configuration
  std::optional<Contrast> control;  // the first against itself
  double noise = 0;                 // what that differs by: 0.02 is 2 %; 0 where there is none
};

// The configurations are those of `logs`, each compared to what the first was in the same round,
// and to nothing else: a round that one of the two lacks does not count. `control` is a second
// measurement of the first, compared like any other. What was not measured is empty. Round i is
// position i of each.
[[nodiscard]] Contrasts CompareToFirst(const std::vector<LogsByRound>& logs,
                                       const LogsByRound& control);

// The logarithm of count / seconds. None when nothing succeeded or there was no time: what such a
// round is to another is no number.
[[nodiscard]] std::optional<double> LogOfRate(double count, double seconds);

// "more", "less", "~", "not enough rounds", "-".
[[nodiscard]] std::string_view FindingText(Finding finding);

}  // namespace sqlicorn::loadgen
