// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "loadgen/report/exchange_formats.h"
#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kUsPerMs = 1000;

// The upper ends of the bars, in milliseconds: 1, 2 and 5 times each power of ten.
double EndOf(double ms) {
  const double power = std::pow(10, std::floor(std::log10(std::max(ms, 1e-3))));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (ms <= digit * power * (1 + 1e-9)) {
      return digit * power;
    }
  }
  return 10 * power;
}

std::string Bars(const Histogram& latency) {
  constexpr double kWidth = 60;
  std::map<double, std::uint64_t> counts;
  for (const auto& [value, count] : latency.content().counts) {
    counts[EndOf(static_cast<double>(value) / kUsPerMs)] += count;
  }
  std::uint64_t most = 1;
  for (const auto& [end, count] : counts) {
    most = std::max(most, count);
  }
  std::string text;
  std::uint64_t seen = 0;
  for (const auto& [end, count] : counts) {
    seen += count;
    const double share = static_cast<double>(count) / static_cast<double>(most);
    text += fmt::format("  <= {:>8g} ms {:>11} {:>7.3f} % {}\n", end, CountText(count),
                        100 * static_cast<double>(seen) / static_cast<double>(latency.count()),
                        std::string(static_cast<std::size_t>(std::ceil(share * kWidth)), '#'));
  }
  return text;
}

}  // namespace

std::string ComparisonBars(const Comparison& comparison) {
  std::string text;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const std::pair<const char*, Scope> scopes[] = {{"reads", Scope::kReads},
                                                    {"writes", Scope::kWrites}};
    for (const auto& [name, scope] : scopes) {
      const Histogram latency = LatencyOf(configuration.distribution, scope);
      if (latency.count() > 0) {
        text += fmt::format("{}, {} (requests, share of all up to here)\n{}\n", configuration.name,
                            name, Bars(latency));
      }
    }
  }
  return text;
}

}  // namespace sqlicorn::loadgen
