// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace sqlicorn {

// A duration with a unit: "250us", "1.5ms", "30s", "5m", "2h"; several parts add up ("1h20m").
// A bare number is not accepted: what it would mean differs by place.
[[nodiscard]] Result<Duration> ParseDuration(std::string_view text);

// "512", "64KiB", "16MiB", "1GiB" (powers of 1024) or "64kB", "16MB", "1GB" (powers of 1000).
[[nodiscard]] Result<std::int64_t> ParseByteSize(std::string_view text);

// The shortest exact form ParseDuration reads back: "250us", "1.5ms", "30s".
[[nodiscard]] std::string FormatDuration(Duration duration);

}  // namespace sqlicorn
