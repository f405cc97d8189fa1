// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/stats/objective.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// What a run at one rate says of an objective.
enum class StepVerdict {
  kMet,
  kMissed,
  kTooFew,  // requests for the percentile that is asked for
  kUntold   // what was measured is the generator or the machine, whatever the value
};

// "met", "missed", "too few requests", "not told".
[[nodiscard]] std::string_view VerdictText(StepVerdict verdict);

// One try of a rate on the way to the greatest one.
struct MaxStep {
  double rate = 0;              // per second
  double seconds = 0;           // the counted time
  std::optional<double> value;  // of the objective's metric
  StepVerdict verdict = StepVerdict::kUntold;
  // Why it is not met whatever the value: the measurement cannot be believed, or requests failed.
  std::vector<std::string> against;
  double lacking = 1;  // of kTooFew: that many times as long a run would have had requests enough
};

// What a run at `rate` says of the objective. What is missed for want of time is not the server's
// doing: where it would be met but for the generator's late sends, it is not told.
[[nodiscard]] MaxStep StepOf(double rate, const Objective& objective, const RunResult& result);

// What --find-max found: the objective, and the rates around where it ceases to be met.
struct FoundMax {
  std::string scenario;
  std::string host;
  Objective objective;
  std::optional<double> met;     // the greatest, where it was truly met; none = at no rate
  std::optional<double> missed;  // the least
  std::optional<double>
      untold;                  // the rate that ended the search, as no try of it could be believed
  std::vector<MaxStep> steps;  // all tries
};

// What is known in the end, in a sentence or two for a terminal, with the reason where a rate could
// not be told.
[[nodiscard]] std::string ConclusionText(const FoundMax& found);

}  // namespace sqlicorn::loadgen
