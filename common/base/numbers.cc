// SPDX-License-Identifier: MIT
#include "common/base/numbers.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

// Reads "12.5" off the front of `text`.
std::optional<double> TakeNumber(std::string_view& text) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || number < 0) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::string_view TakeUnit(std::string_view& text) {
  const std::size_t end = text.find_first_of("0123456789.");
  const std::string_view unit = text.substr(0, end);
  text.remove_prefix(unit.size());
  return unit;
}

constexpr std::array<std::pair<std::string_view, double>, 5> kSeconds = {
    {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}}};

std::optional<double> SecondsOf(std::string_view unit) {
  for (const auto& [name, seconds] : kSeconds) {
    if (name == unit) {
      return seconds;
    }
  }
  return std::nullopt;
}

constexpr double kMaxSeconds = 10.0 * 365 * 24 * 3600;

}  // namespace

Result<Duration> ParseDuration(std::string_view text) {
  const Error bad{
      fmt::format("'{}' is not a duration; write a number and a unit, such as 250ms or 30s", text)};
  double seconds = 0;
  double last_factor = 2 * kSeconds.back().second;
  std::string_view rest = text;
  do {
    const auto number = TakeNumber(rest);
    const auto factor = number ? SecondsOf(TakeUnit(rest)) : std::nullopt;
    if (!factor) {
      return bad;
    }
    if (*factor >= last_factor) {
      return Error{
          fmt::format("'{}' is not a duration; write each unit once, the greatest first, "
                      "such as 1h20m",
                      text)};
    }
    last_factor = *factor;
    seconds += *number * *factor;
  } while (!rest.empty());
  if (seconds > kMaxSeconds) {
    return Error{fmt::format("'{}' is longer than ten years", text)};
  }
  return std::chrono::duration_cast<Duration>(
      std::chrono::nanoseconds(std::llround(seconds * 1e9)));
}

std::string FormatDuration(Duration duration) {
  const double us = ToSeconds(duration) * 1e6;
  if (us < 1000) {
    return fmt::format("{}us", us);
  }
  if (us < 1e6) {
    return fmt::format("{}ms", us / 1000);
  }
  return fmt::format("{}s", us / 1e6);
}

}  // namespace sqlicorn
