// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sqlicorn::loadgen {

// The same numbers for the same seed and stream, on every machine. Not for secrets.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream);

  [[nodiscard]] std::uint64_t Next();

  // 0 to `count` - 1, each as likely as the other. REQUIRES: count >= 1.
  [[nodiscard]] std::uint64_t Below(std::uint64_t count);

  // Above 0, up to 1.
  [[nodiscard]] double Unit();

 private:
  std::uint64_t state_;
};

// Ranks 1 to `count` of which rank k is drawn in proportion to k^-exponent: few are popular, most
// are hardly ever asked for. Needs no table, however many ranks there are.
class Zipf {
 public:
  // REQUIRES: count >= 1, exponent > 0.
  Zipf(std::uint64_t count, double exponent);

  [[nodiscard]] std::uint64_t Next(Random& random) const;

 private:
  [[nodiscard]] double Density(double x) const;
  [[nodiscard]] double Integral(double x) const;
  [[nodiscard]] double InverseIntegral(double y) const;

  double count_;
  double exponent_;
  double lowest_;   // the integral where the first rank begins
  double highest_;  // and where the last one ends
  double sure_;     // a rank this near to where the curve was hit is taken without another look
};

}  // namespace sqlicorn::loadgen
