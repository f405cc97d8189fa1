// SPDX-License-Identifier: MIT
#include "loadgen/tune/tune_outcome.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "common/base/numbers.h"
#include "loadgen/compare/comparison_warnings.h"

namespace sqlicorn::loadgen {
namespace {

// A round without success has no logarithm, so it counts as less than any other can have.
constexpr double kLeastRequests = 0.5;

using Finalists = std::vector<ConfigurationNumbers>;

LogsByRound LogsOf(const ConfigurationNumbers& configuration) {
  LogsByRound logs;
  for (const RoundNumbers& round : configuration.rounds) {
    logs.resize(std::max<std::size_t>(logs.size(), round.round));
    const Measurement& measured = round.measured;
    logs[round.round - 1] = LogOfRate(measured.all.ok_rps * measured.seconds, measured.seconds);
  }
  return logs;
}

// Of each to the one at `best`.
std::vector<Contrast> ContrastsTo(std::size_t best, const Finalists& finalists) {
  std::vector<std::size_t> order(finalists.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::swap(order[0], order[best]);
  std::vector<LogsByRound> logs;
  for (const std::size_t i : order) {
    logs.push_back(LogsOf(finalists[i]));
  }
  const Contrasts compared = CompareToFirst(logs, {});
  std::vector<Contrast> contrasts(finalists.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    contrasts[order[i]] = compared.of[i];
  }
  return contrasts;
}

// The most that can be told of it where the plan leaves it open.
std::uint32_t WorkersOf(const ConfigurationNumbers& configuration) {
  for (const PlanSetting& setting : configuration.settings) {
    if (setting.key == "server.workers") {
      return ParseWhole<std::uint32_t>(setting.text).value_or(UINT32_MAX);
    }
  }
  return UINT32_MAX;
}

bool IsSimpler(const ConfigurationNumbers& one, const ConfigurationNumbers& other) {
  return one.durability.durable != other.durability.durable ? one.durability.durable
                                                            : WorkersOf(one) < WorkersOf(other);
}

std::size_t Fastest(const Finalists& finalists, const std::vector<std::string>& unmet) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < finalists.size(); ++i) {
    const bool fits = unmet[i].empty();
    const bool best_fits = unmet[best].empty();
    if (fits != best_fits ? fits : ScoreOf(finalists[i]) > ScoreOf(finalists[best])) {
      best = i;
    }
  }
  return best;
}

// A score is of all rounds of each, a ratio of those that both had. Where the two disagree the
// ratio decides, because it is what the report shows.
std::size_t BestByRatio(std::size_t best, const Finalists& finalists,
                        const std::vector<std::string>& unmet) {
  std::vector<bool> passed(finalists.size());
  while (!passed[best]) {
    passed[best] = true;
    const std::vector<Contrast> contrasts = ContrastsTo(best, finalists);
    std::size_t next = best;
    double greatest = 1;
    for (std::size_t i = 0; i < finalists.size(); ++i) {
      const bool rivals = !passed[i] && unmet[i].empty() == unmet[best].empty();
      if (rivals && contrasts[i].ratio > greatest) {
        greatest = contrasts[i].ratio;
        next = i;
      }
    }
    best = next;
  }
  return best;
}

std::size_t SimplestAlike(std::size_t best, const Finalists& finalists,
                          const std::vector<std::string>& unmet) {
  const std::vector<Contrast> contrasts = ContrastsTo(best, finalists);
  std::size_t chosen = best;
  for (std::size_t i = 0; i < finalists.size(); ++i) {
    const bool alike = contrasts[i].finding == Finding::kAlike && unmet[i] == unmet[best];
    if (alike && IsSimpler(finalists[i], finalists[chosen])) {
      chosen = i;
    }
  }
  return chosen;
}

}  // namespace

bool AnyInvalid(const TuneOutcome& outcome) {
  return std::any_of(
      outcome.finalists.begin(), outcome.finalists.end(),
      [](const ConfigurationNumbers& finalist) { return !WhyNotBelieved(finalist).empty(); });
}

double ScoreOf(const ConfigurationNumbers& configuration) {
  double sum = 0;
  std::size_t count = 0;
  for (const RoundNumbers& round : configuration.rounds) {
    const Measurement& measured = round.measured;
    if (measured.seconds > 0) {
      sum += std::log(std::max(measured.all.ok_rps, kLeastRequests / measured.seconds));
      ++count;
    }
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

TuneOutcome Recommend(std::vector<ConfigurationNumbers> finalists,
                      const std::vector<Requirement>& requirements) {
  TuneOutcome outcome;
  if (finalists.empty()) {
    return outcome;
  }
  outcome.before = finalists.front().name;
  std::vector<std::string> unmet;
  for (const ConfigurationNumbers& one : finalists) {
    unmet.push_back(Unmet(requirements, one));
  }
  const std::size_t best = BestByRatio(Fastest(finalists, unmet), finalists, unmet);
  const std::size_t chosen = SimplestAlike(best, finalists, unmet);
  const std::vector<Contrast> contrasts = ContrastsTo(chosen, finalists);
  std::vector<std::size_t> order(finalists.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return (a == chosen) != (b == chosen) ? a == chosen
                                          : ScoreOf(finalists[a]) > ScoreOf(finalists[b]);
  });
  for (const std::size_t i : order) {
    outcome.finalists.push_back(std::move(finalists[i]));
    outcome.finalists.back().ok_rate = contrasts[i];
    outcome.unmet.push_back(unmet[i]);
  }
  return outcome;
}

}  // namespace sqlicorn::loadgen
