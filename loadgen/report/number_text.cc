// SPDX-License-Identifier: MIT
#include "loadgen/report/number_text.h"

#include <cmath>

#include <fmt/format.h>

namespace sqlicorn::loadgen {

std::string CountText(std::uint64_t count) {
  std::string text = fmt::to_string(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string RateText(double per_second) {
  return per_second < 100 ? fmt::format("{:.1f}", per_second)
                          : CountText(static_cast<std::uint64_t>(std::llround(per_second)));
}

std::string MsText(double ms) {
  if (ms < 9.995) {
    return fmt::format("{:.2f}", ms);
  }
  return ms < 99.95 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms);
}

std::string PercentText(double share) {
  const double percent = share * 100;
  return percent > 0 && percent < 0.01 ? "<0.01" : fmt::format("{:.2f}", percent);
}

std::string RatioText(double ratio) {
  return ratio > 0 ? fmt::format("{:.2f}", ratio) : "-";
}

}  // namespace sqlicorn::loadgen
