// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace sqlicorn {

// The number that is the whole of `text`, written as std::from_chars reads it: without blanks and
// without '+'. None where something else stands there or T cannot hold it. An integer may have a
// base other than 10.
template <typename T, typename... Base>
[[nodiscard]] std::optional<T> ParseWhole(std::string_view text, Base... base) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base...);
  return error == std::errc() && stop == end ? std::optional<T>(number) : std::nullopt;
}

// A duration with a unit: "250us", "1.5ms", "30s", "5m", "2h"; several parts add up, the
// greatest unit first ("1h20m"). A bare number is not accepted: what it would mean differs by
// place.
[[nodiscard]] Result<Duration> ParseDuration(std::string_view text);

// The shortest exact form ParseDuration reads back: "250us", "1.5ms", "30s".
[[nodiscard]] std::string FormatDuration(Duration duration);

}  // namespace sqlicorn
