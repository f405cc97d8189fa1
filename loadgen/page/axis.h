// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace sqlicorn::loadgen {

// Where values stand on the axis of a chart.
class Axis {
 public:
  struct Tick {
    double at = 0;  // share of the axis, 0 to 1
    std::string text;
  };

  // From 0 to a round number not below `greatest`, with about four ticks.
  [[nodiscard]] static Axis Linear(double greatest);

  // Logarithmic, as far as the values go and a little further; ticks at powers of ten, and between
  // them where there are few. Values at or below 0 stand at its beginning.
  [[nodiscard]] static Axis Log(double least, double greatest);

  // The share of the axis, 0 to 1.
  [[nodiscard]] double At(double value) const;

  [[nodiscard]] const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  enum class Scale { kLinear, kLog };

  Axis(Scale scale, double from, double to) : scale_(scale), from_(from), to_(to) {}

  [[nodiscard]] double Position(double value) const;

  Scale scale_;
  double from_;  // in logarithms where the scale is one
  double to_;
  std::vector<Tick> ticks_;
};

// Positions not less than `gap` apart, as near to the wanted ones as their order allows, between
// `low` and `high` as long as there is room. The results are in the order of `wanted`.
[[nodiscard]] std::vector<double> SpreadLabels(const std::vector<double>& wanted, double gap,
                                               double low, double high);

}  // namespace sqlicorn::loadgen
