// SPDX-License-Identifier: MIT
#include "loadgen/stats/found_max.h"

#include <algorithm>

#include <fmt/format.h>

#include "loadgen/stats/measure.h"
#include "loadgen/stats/verdict.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kMostFailures = 0.01;  // of the requests of a rate that meets an objective

double FailureRatio(const RunStats& stats) {
  return static_cast<double>(stats.failures()) /
         static_cast<double>(std::max<std::uint64_t>(stats.requests(), 1));
}

}  // namespace

MaxStep StepOf(double rate, const Objective& objective, const RunResult& result) {
  MaxStep step;
  step.rate = rate;
  step.value = ValueOf(objective.metric, result);
  step.against = Judge(result.facts);
  const bool holds = step.value && objective.Holds(*step.value);
  // Requests that were never sent for want of an answer are the server's own doing.
  step.untold = holds && !step.against.empty() && result.facts.never_sent == 0;
  // To fail is fast: what an objective says of times is meant of answers.
  const double failed = FailureRatio(result.stats);
  if (failed > kMostFailures && objective.metric.quantity != Quantity::kFailureRatio) {
    step.against.push_back(fmt::format("{:.1f} % of the requests failed", failed * 100));
    step.untold = false;
  }
  step.met = holds && step.against.empty();
  return step;
}

}  // namespace sqlicorn::loadgen
