// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace sqlicorn {

// CLOCK_MONOTONIC, shared by all processes of the machine: deadlines may cross a fork.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

// Microseconds since the monotonic epoch; the form in which instants stand in shared memory.
[[nodiscard]] std::int64_t MonotonicUs();

[[nodiscard]] constexpr double ToSeconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}

[[nodiscard]] constexpr Duration FromSeconds(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace sqlicorn
