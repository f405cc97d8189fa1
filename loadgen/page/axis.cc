// SPDX-License-Identifier: MIT
#include "loadgen/page/axis.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

// 1, 2 or 5 times a power of ten, not below `value`.
double RoundUp(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= value * (1 - 1e-9)) {
      return digit * power;
    }
  }
  return 10 * power;
}

std::string NumberText(double value) {
  if (value >= 1e6) {
    return fmt::format("{:g}M", value / 1e6);
  }
  return value >= 10'000 ? fmt::format("{:g}k", value / 1000) : fmt::format("{:g}", value);
}

}  // namespace

Axis Axis::Linear(double greatest) {
  constexpr double kTicks = 4;
  const double most = greatest > 0 ? greatest : 1;
  const double step = RoundUp(most / kTicks);
  const double steps = std::max(1.0, std::ceil(most / step - 1e-9));
  Axis axis(Scale::kLinear, 0, steps * step);
  for (double i = 0; i <= steps; ++i) {
    axis.ticks_.push_back({i / steps, NumberText(i * step)});
  }
  return axis;
}

Axis Axis::Log(double least, double greatest) {
  constexpr double kMargin = 0.02;  // of a power of ten
  constexpr double kFewDecades = 2.2;
  const double from = std::log10(std::max(least, 1e-6)) - kMargin;
  const double to = std::max(std::log10(std::max(greatest, 1e-6)) + kMargin, from + 0.1);
  Axis axis(Scale::kLog, from, to);
  const bool few = to - from < kFewDecades;
  for (double power = std::floor(from); power <= to; ++power) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double value = digit * std::pow(10, power);
      const double at = std::log10(value);
      if (at >= from && at <= to && (few || digit == 1.0)) {
        axis.ticks_.push_back({axis.Position(value), NumberText(value)});
      }
    }
  }
  return axis;
}

double Axis::Position(double value) const {
  if (scale_ == Scale::kLinear) {
    return (value - from_) / (to_ - from_);
  }
  return value > 0 ? (std::log10(value) - from_) / (to_ - from_) : 0;
}

double Axis::At(double value) const {
  return std::clamp(Position(value), 0.0, 1.0);
}

std::vector<double> SpreadLabels(const std::vector<double>& wanted, double gap, double low,
                                 double high) {
  std::vector<std::size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
  std::vector<double> at = wanted;
  double least = low;
  for (const std::size_t i : order) {
    at[i] = std::max(at[i], least);
    least = at[i] + gap;
  }
  double most = high;
  for (auto i = order.rbegin(); i != order.rend(); ++i) {
    at[*i] = std::min(at[*i], most);
    most = at[*i] - gap;
  }
  return at;
}

}  // namespace sqlicorn::loadgen
