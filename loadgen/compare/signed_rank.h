// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace sqlicorn::loadgen {

// What paired differences tell of the one they vary around. Pure arithmetic; nothing is assumed of
// their distribution but that it is symmetric.
struct SignedRank {
  std::size_t pairs = 0;
  double estimate = 0;        // Hodges and Lehmann's: the median of the means of all pairs of them
  double low = 0;             // of the interval that holds the true one with the confidence asked
  double high = 0;            // for; from the least to the greatest where the pairs are too few
  bool has_interval = false;  // whether they are enough for it
  double p = 1;  // how probable as much is, in either direction, where there is no difference
};

// Wilcoxon's signed-rank test and what belongs to it (Hollander and Wolfe, Nonparametric
// Statistical Methods, 3.1 to 3.3). The distribution is the exact one up to 50 pairs, equal
// differences included, and the normal approximation with continuity correction above. Differences
// of zero say nothing about a direction: they are in the estimate and not in the probability.
// REQUIRES: all are finite; 0 < confidence < 1.
[[nodiscard]] SignedRank TestSignedRank(const std::vector<double>& differences, double confidence);

// Each probability corrected for there being all the others (Holm 1979), in the order given.
[[nodiscard]] std::vector<double> HolmCorrected(const std::vector<double>& probabilities);

}  // namespace sqlicorn::loadgen
