// SPDX-License-Identifier: MIT
#include "loadgen/compare/signed_rank.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kMostExact = 50;

double Median(const std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// The means of all pairs, each with itself too, rising (Walsh averages).
std::vector<double> WalshAverages(const std::vector<double>& differences) {
  std::vector<double> means;
  means.reserve(differences.size() * (differences.size() + 1) / 2);
  for (std::size_t i = 0; i < differences.size(); ++i) {
    for (std::size_t j = i; j < differences.size(); ++j) {
      means.push_back((differences[i] + differences[j]) / 2);
    }
  }
  std::sort(means.begin(), means.end());
  return means;
}

// Twice the rank of each size among all, so that the middle rank of equal ones is whole.
std::vector<std::size_t> DoubledRanks(const std::vector<double>& sizes) {
  std::vector<std::size_t> ranks;
  ranks.reserve(sizes.size());
  for (const double size : sizes) {
    const auto below = static_cast<std::size_t>(
        std::count_if(sizes.begin(), sizes.end(), [size](double other) { return other < size; }));
    const auto equal = static_cast<std::size_t>(std::count(sizes.begin(), sizes.end(), size));
    ranks.push_back(2 * below + equal + 1);
  }
  return ranks;
}

// How probable a sum of the ranks of at most `sum` is, when each has either sign as probably.
double ProbabilityUpTo(const std::vector<std::size_t>& ranks, std::size_t sum) {
  const std::size_t all = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  std::vector<double> of(all + 1, 0);  // by sum
  of[0] = 1;
  std::size_t reached = 0;
  for (const std::size_t rank : ranks) {
    reached += rank;
    for (std::size_t s = reached + 1; s-- > 0;) {
      of[s] = (of[s] + (s >= rank ? of[s - rank] : 0)) / 2;
    }
  }
  const auto end = of.begin() + static_cast<std::ptrdiff_t>(std::min(sum, all) + 1);
  return std::accumulate(of.begin(), end, 0.0);
}

// The standard normal distribution.
double NormalUpTo(double z) {
  return std::erfc(-z / std::sqrt(2.0)) / 2;
}

double NormalProbability(const std::vector<std::size_t>& ranks, double smaller) {
  double mean = 0;
  double variance = 0;
  for (const std::size_t doubled : ranks) {
    const double rank = static_cast<double>(doubled) / 2;
    mean += rank / 2;
    variance += rank * rank / 4;
  }
  return NormalUpTo((smaller / 2 + 0.5 - mean) / std::sqrt(variance));
}

double TwoSidedProbability(const std::vector<double>& differences) {
  std::vector<double> sizes;
  std::vector<bool> rises;
  for (const double difference : differences) {
    if (difference != 0) {
      sizes.push_back(std::fabs(difference));
      rises.push_back(difference > 0);
    }
  }
  const std::vector<std::size_t> ranks = DoubledRanks(sizes);
  std::size_t up = 0;
  std::size_t down = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    (rises[i] ? up : down) += ranks[i];
  }
  const std::size_t smaller = std::min(up, down);
  const double one_sided = ranks.size() > kMostExact
                               ? NormalProbability(ranks, static_cast<double>(smaller))
                               : ProbabilityUpTo(ranks, smaller);
  return std::min(1.0, 2 * one_sided);
}

// How many of the least and of the greatest means are outside of the interval, plus one; 0 where
// even the whole range is not sure enough.
std::size_t FirstInside(std::size_t pairs, double confidence) {
  const double outside = (1 - confidence) / 2;
  std::vector<std::size_t> ranks(pairs);
  for (std::size_t i = 0; i < pairs; ++i) {
    ranks[i] = 2 * (i + 1);
  }
  const auto probability = [&](std::size_t sum) {
    return pairs > kMostExact ? NormalProbability(ranks, 2 * static_cast<double>(sum))
                              : ProbabilityUpTo(ranks, 2 * sum);
  };
  // The sum is at most half of all where the probability is below a half.
  std::size_t low = 0;
  std::size_t high = pairs * (pairs + 1) / 4 + 1;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (probability(middle) <= outside) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

SignedRank TestSignedRank(const std::vector<double>& differences, double confidence) {
  SignedRank result;
  result.pairs = differences.size();
  if (differences.empty()) {
    return result;
  }
  const std::vector<double> means = WalshAverages(differences);
  const std::size_t inside = FirstInside(differences.size(), confidence);
  result.has_interval = inside > 0;
  const std::size_t cut = result.has_interval ? inside - 1 : 0;
  result.estimate = Median(means);
  result.low = means[cut];
  result.high = means[means.size() - 1 - cut];
  result.p = TwoSidedProbability(differences);
  return result;
}

std::vector<double> HolmCorrected(const std::vector<double>& probabilities) {
  std::vector<std::size_t> rising(probabilities.size());
  std::iota(rising.begin(), rising.end(), std::size_t{0});
  std::sort(rising.begin(), rising.end(),
            [&](std::size_t a, std::size_t b) { return probabilities[a] < probabilities[b]; });
  std::vector<double> corrected(probabilities.size());
  double greatest = 0;
  for (std::size_t i = 0; i < rising.size(); ++i) {
    const auto left = static_cast<double>(rising.size() - i);
    greatest = std::max(greatest, std::min(1.0, left * probabilities[rising[i]]));
    corrected[rising[i]] = greatest;
  }
  return corrected;
}

}  // namespace sqlicorn::loadgen
