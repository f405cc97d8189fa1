// SPDX-License-Identifier: MIT
#include "loadgen/compare/contrast.h"

#include <algorithm>
#include <cmath>

#include "loadgen/compare/signed_rank.h"

namespace sqlicorn::loadgen {
namespace {

std::optional<double> At(const LogsByRound& logs, std::size_t round) {
  return round < logs.size() ? logs[round] : std::nullopt;
}

Contrast Estimate(const LogsByRound& logs, const LogsByRound& base, std::size_t least_rounds) {
  std::vector<double> differences;
  for (std::size_t round = 0; round < logs.size(); ++round) {
    if (const auto first = At(base, round); first && logs[round]) {
      differences.push_back(*logs[round] - *first);
    }
  }
  if (differences.empty()) {
    return {};
  }
  const SignedRank test = TestSignedRank(differences, kConfidence);
  return {test.pairs < least_rounds ? Finding::kTooFewRounds : Finding::kAlike,
          test.pairs,
          std::exp(test.estimate),
          std::exp(test.low),
          std::exp(test.high),
          test.p};
}

// REQUIRES: `p` of the contrast is corrected.
Finding Judge(const Contrast& contrast, double noise) {
  if (contrast.finding != Finding::kAlike || contrast.p > 1 - kConfidence ||
      std::fabs(contrast.ratio - 1) <= noise) {
    return contrast.finding;
  }
  return contrast.ratio > 1 ? Finding::kMore : Finding::kLess;
}

}  // namespace

std::size_t LeastRounds(std::size_t compared) {
  std::size_t rounds = 1;
  double least = static_cast<double>(std::max<std::size_t>(compared, 1));  // probability there is
  for (; least > 1 - kConfidence; ++rounds) {
    least /= 2;
  }
  return rounds;
}

Contrasts CompareToFirst(const std::vector<LogsByRound>& logs, const LogsByRound& control) {
  Contrasts result;
  result.of.resize(logs.size());
  if (logs.empty()) {
    return result;
  }
  if (const Contrast itself = Estimate(control, logs.front(), LeastRounds(1)); itself.rounds > 0) {
    result.control = itself;
    result.control->finding = Judge(itself, 0);
    result.noise = std::fabs(itself.ratio - 1);
  }
  const std::size_t compared = static_cast<std::size_t>(std::count_if(
      logs.begin() + 1, logs.end(), [](const LogsByRound& other) { return !other.empty(); }));
  const std::size_t least_rounds = LeastRounds(compared);
  std::vector<std::size_t> judged;
  std::vector<double> probabilities;
  for (std::size_t i = 1; i < logs.size(); ++i) {
    result.of[i] = Estimate(logs[i], logs.front(), least_rounds);
    if (result.of[i].rounds > 0) {
      judged.push_back(i);
      probabilities.push_back(result.of[i].p);
    }
  }
  const std::vector<double> corrected = HolmCorrected(probabilities);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    Contrast& contrast = result.of[judged[i]];
    contrast.p = corrected[i];
    contrast.finding = Judge(contrast, result.noise);
  }
  return result;
}

std::optional<double> LogOfRate(double count, double seconds) {
  if (count <= 0 || seconds <= 0) {
    return std::nullopt;
  }
  return std::log(count / seconds);
}

std::string_view FindingText(Finding finding) {
  switch (finding) {
    case Finding::kNotCompared:
      break;
    case Finding::kTooFewRounds:
      return "not enough rounds";
    case Finding::kAlike:
      return "~";
    case Finding::kMore:
      return "more";
    case Finding::kLess:
      return "less";
  }
  return "-";
}

}  // namespace sqlicorn::loadgen
