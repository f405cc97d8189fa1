// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/clock.h"
#include "loadgen/stats/found_max.h"

namespace sqlicorn::loadgen {

// Looks for the greatest rate at which an objective is still met: doubles from a first rate while
// it is (or halves until it is), then narrows the gap down by bisection on the logarithm. A rate
// counts as met when one try meets it, and as missed when two miss it: what disturbs a measurement
// makes it slower, hardly ever faster. What no try can tell ends the search.
class MaxSearch {
 public:
  // Each rate is tried for `usual` first. Done once the missed rate is at most `precision` above
  // the met one. REQUIRES: first > 0.
  MaxSearch(double first, double precision, Duration usual);

  // The rate to try now, per second, and for how long: again for longer, so that the machine can be
  // judged and the requests are enough. REQUIRES: !done().
  [[nodiscard]] double rate() const { return rate_; }

  [[nodiscard]] Duration time() const { return time_; }

  // What the try said: its verdict, and MaxStep::lacking.
  void Tell(StepVerdict verdict, double lacking = 1);

  [[nodiscard]] bool done() const { return done_; }

  // The greatest rate at which it was met, the least at which it was missed, the one that could not
  // be told and so ended the search; none = there was none.
  [[nodiscard]] std::optional<double> met() const { return met_; }

  [[nodiscard]] std::optional<double> missed() const { return missed_; }

  [[nodiscard]] std::optional<double> untold() const { return untold_; }

 private:
  // Which of the two the rate is, once that is known: goes on to the next.
  void Settle(bool met);
  void TryAgain(double longer);

  double rate_;
  double precision_;
  Duration usual_;
  Duration time_;
  std::uint32_t missed_tries_ = 0;  // of this rate
  std::uint32_t untold_tries_ = 0;
  std::optional<double> met_;
  std::optional<double> missed_;
  std::optional<double> untold_;
  bool done_ = false;
};

}  // namespace sqlicorn::loadgen
