// SPDX-License-Identifier: MIT
#include "loadgen/scenario/random.h"

#include <algorithm>
#include <cmath>

#include "common/base/result.h"

namespace sqlicorn::loadgen {
namespace {

// The increment of the SplitMix64 generator (Steele, Lea, Flood 2014).
constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

std::uint64_t Mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// f(x) / x where that is well-defined at 0 too: both functions below begin as x does.
double Ratio(double value, double x) {
  constexpr double kTiny = 1e-8;
  return std::abs(x) < kTiny ? 1 : value / x;
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream)
    : state_(Mix(seed + kGolden) ^ Mix(stream * kGolden + 1)) {}

std::uint64_t Random::Next() {
  state_ += kGolden;
  return Mix(state_);
}

std::uint64_t Random::Below(std::uint64_t count) {
  CHECK(count >= 1);
  // What lies beyond the last whole multiple of `count` is drawn again.
  const std::uint64_t beyond = UINT64_MAX - UINT64_MAX % count;
  std::uint64_t draw = Next();
  while (draw >= beyond) {
    draw = Next();
  }
  return draw % count;
}

double Random::Unit() {
  constexpr double kStep = 0x1p-53;
  return static_cast<double>((Next() >> 11) + 1) * kStep;
}

// Rejection-inversion (Hörmann, Derflinger 1996): the area under x^-exponent, of which each rank
// has the unit-wide strip around it, is hit at random, and the strip that was hit is the draw.
Zipf::Zipf(std::uint64_t count, double exponent)
    : count_(static_cast<double>(count)), exponent_(exponent) {
  CHECK(count >= 1 && exponent > 0);
  lowest_ = Integral(1.5) - 1;
  highest_ = Integral(count_ + 0.5);
  sure_ = 2 - InverseIntegral(Integral(2.5) - Density(2));
}

std::uint64_t Zipf::Next(Random& random) const {
  while (true) {
    const double area = highest_ + random.Unit() * (lowest_ - highest_);
    const double x = InverseIntegral(area);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, count_);
    if (rank - x <= sure_ || area >= Integral(rank + 0.5) - Density(rank)) {
      return static_cast<std::uint64_t>(rank);
    }
  }
}

double Zipf::Density(double x) const {
  return std::exp(-exponent_ * std::log(x));
}

double Zipf::Integral(double x) const {
  const double log_x = std::log(x);
  const double t = (1 - exponent_) * log_x;
  return Ratio(std::expm1(t), t) * log_x;
}

double Zipf::InverseIntegral(double y) const {
  const double t = std::max(y * (1 - exponent_), -1.0);
  return std::exp(Ratio(std::log1p(t), t) * y);
}

}  // namespace sqlicorn::loadgen
