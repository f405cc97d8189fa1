// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

namespace sqlicorn::loadgen {

// Looks for the greatest rate at which an objective is still met: doubles from a first rate while
// it is (or halves until it is), then narrows the gap down by bisection on the logarithm.
class MaxSearch {
 public:
  // Done once the missed rate is at most `precision` above the met one. REQUIRES: first > 0.
  MaxSearch(double first, double precision);

  // The rate to try now, per second. REQUIRES: !done().
  [[nodiscard]] double rate() const { return rate_; }

  // Whether the objective was met at rate().
  void Tell(bool met);

  [[nodiscard]] bool done() const { return done_; }

  // The greatest rate at which it was met, the least at which it was missed; none = there was none.
  [[nodiscard]] std::optional<double> met() const { return met_; }

  [[nodiscard]] std::optional<double> missed() const { return missed_; }

 private:
  double rate_;
  double precision_;
  std::optional<double> met_;
  std::optional<double> missed_;
  bool done_ = false;
};

}  // namespace sqlicorn::loadgen
