// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

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

// A second of the wall clock in the time zone of this process.
struct LocalTime {
  int year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int offset_minutes = 0;  // east of UTC
};

// Asks the system for the offset of the time zone, and remembers it.
[[nodiscard]] LocalTime LocalTimeAt(std::int64_t unix_seconds);

// With the offset LocalTimeAt found last: pure arithmetic, for signal handlers.
[[nodiscard]] LocalTime LocalTimeInHandler(std::int64_t unix_seconds);

// Each writes a fixed number of octets to `out`, without a NUL, and returns their end.
constexpr std::size_t kErrorLogTimeBytes = 25;  // 2026-11-22 09:59:27 +0000
char* FormatErrorLogTime(const LocalTime& time, char* out);
constexpr std::size_t kAccessLogTimeBytes = 28;  // [22/Nov/2026:09:59:27 +0000]
char* FormatAccessLogTime(const LocalTime& time, char* out);
constexpr std::size_t kIsoTimeBytes = 29;  // 2026-11-22T09:59:27.042+00:00
char* FormatIsoTime(const LocalTime& time, int millisecond, char* out);

}  // namespace sqlicorn
