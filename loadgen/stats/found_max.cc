// SPDX-License-Identifier: MIT
#include "loadgen/stats/found_max.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "loadgen/stats/measure.h"
#include "loadgen/stats/verdict.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kMostFailures = 0.01;  // of the requests of a rate that meets an objective
constexpr double kBeyond = 10;          // requests that carry a percentile; see Carries
constexpr double kEnough = 0.95;        // of them: some of a run always end after its window

double FailureRatio(const RunStats& stats) {
  return static_cast<double>(stats.failures()) /
         static_cast<double>(std::max<std::uint64_t>(stats.requests(), 1));
}

double CountOf(const Metric& metric, const RunResult& result) {
  return ValueOf(Metric{Quantity::kRequests, 0, metric.of}, result).value_or(0);
}

// Few requests do not carry a high percentile, but a lower one that they do carry may be beyond the
// limit already.
bool IsMissedAnyway(const Objective& objective, double count, const RunResult& result) {
  const bool upper = objective.relation == Objective::Relation::kLess ||
                     objective.relation == Objective::Relation::kAtMost;
  if (!upper || objective.metric.quantity != Quantity::kPercentile || count <= kBeyond) {
    return false;
  }
  Metric carried = objective.metric;
  carried.percent = std::min(carried.percent, 100 * (1 - kBeyond / count));
  const std::optional<double> value = ValueOf(carried, result);
  return value && !objective.Holds(*value);
}

// How late requests were sent, in the place of the metric: its percentile, the greatest, the mean.
double LatenessMs(const Metric& metric, const RunResult& result) {
  if (!result.open_loop || result.open_loop->lateness.count() == 0) {
    return 0;
  }
  const Histogram& lateness = result.open_loop->lateness;
  switch (metric.quantity) {
    case Quantity::kPercentile:
      return lateness.PercentileUs(metric.percent) / 1000;
    case Quantity::kMax:
      return static_cast<double>(lateness.max_us()) / 1000;
    case Quantity::kMean:
      return lateness.MeanUs() / 1000;
    default:
      return 0;
  }
}

// Whether anything but the server is measured; requests that were never sent for want of an answer
// are the server's own doing.
bool IsBelieved(MeasurementFacts facts) {
  facts.never_sent = 0;
  facts.requests = std::max<std::uint64_t>(facts.requests, 1);
  return Judge(facts).empty();
}

// REQUIRES: it is believed, and no more failed than may.
StepVerdict VerdictOf(const Objective& objective, const RunResult& result, MaxStep* step) {
  const double count = CountOf(objective.metric, result);
  const double needed = RequestsNeeded(objective.metric);
  if (result.facts.never_sent > 0 || IsMissedAnyway(objective, count, result)) {
    return StepVerdict::kMissed;
  }
  if (count < kEnough * needed) {
    step->lacking = needed / std::max(count, 0.5);
    step->against.push_back(
        fmt::format("{:.0f} requests, and {} takes {:.0f}", count,
                    objective.metric.quantity == Quantity::kPercentile ? "this percentile" : "it",
                    std::ceil(needed - 1e-6)));
    return StepVerdict::kTooFew;
  }
  return step->value && objective.Holds(*step->value) ? StepVerdict::kMet : StepVerdict::kMissed;
}

}  // namespace

std::string_view VerdictText(StepVerdict verdict) {
  switch (verdict) {
    case StepVerdict::kMet:
      return "met";
    case StepVerdict::kMissed:
      return "missed";
    case StepVerdict::kTooFew:
      return "too few requests";
    case StepVerdict::kUntold:
      break;
  }
  return "not told";
}

MaxStep StepOf(double rate, const Objective& objective, const RunResult& result) {
  MaxStep step;
  step.rate = rate;
  step.seconds = result.duration_s;
  step.value = ValueOf(objective.metric, result);
  step.against = Judge(result.facts);
  // To fail is fast: what an objective says of times is meant of answers.
  const double failed = FailureRatio(result.stats);
  if (failed > kMostFailures && objective.metric.quantity != Quantity::kFailureRatio) {
    step.against.push_back(fmt::format("{:.1f} % of the requests failed", failed * 100));
    step.verdict = StepVerdict::kMissed;
    return step;
  }
  if (!IsBelieved(result.facts)) {
    return step;
  }
  step.verdict = VerdictOf(objective, result, &step);
  const double late_ms = LatenessMs(objective.metric, result);
  if (step.verdict == StepVerdict::kMissed && result.facts.never_sent == 0 && late_ms > 0 &&
      step.value && objective.Holds(*step.value - late_ms)) {
    step.verdict = StepVerdict::kUntold;
    step.against.push_back(fmt::format(
        "the generator sent up to {:.1f} ms after the time to send: without that it may be met",
        late_ms));
  }
  return step;
}

std::string ConclusionText(const FoundMax& found) {
  const std::string& text = found.objective.text;
  if (found.untold) {
    const auto tries =
        std::count_if(found.steps.begin(), found.steps.end(),
                      [&](const MaxStep& step) { return step.rate == *found.untold; });
    const bool reason = !found.steps.empty() && !found.steps.back().against.empty();
    return fmt::format("INVALID measurement: {:.1f}/s could not be told in {} tries{}\n{}\n",
                       *found.untold, tries, reason ? ": " + found.steps.back().against.back() : "",
                       found.met
                           ? fmt::format("{} is met up to {:.1f}/s at least", text, *found.met)
                           : fmt::format("{} is met at no rate that could be told", text));
  }
  if (!found.met) {
    return fmt::format("{} was met at no rate\n", text);
  }
  return found.missed ? fmt::format("{} is met up to {:.1f}/s and missed at {:.1f}/s\n", text,
                                    *found.met, *found.missed)
                      : fmt::format("{} is met even at {:.1f}/s\n", text, *found.met);
}

}  // namespace sqlicorn::loadgen
