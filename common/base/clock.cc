// SPDX-License-Identifier: MIT
#include "common/base/clock.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace sqlicorn {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Process-wide, as the time zone is.
std::atomic<int> g_offset_minutes = 0;

char* Digits(int number, int count, char* out) {
  for (int i = count; i-- > 0; number /= 10) {
    out[i] = static_cast<char>('0' + number % 10);
  }
  return out + count;
}

char* Put(char c, char* out) {
  *out = c;
  return out + 1;
}

char* Clock24(const LocalTime& time, char* out) {
  out = Put(':', Digits(time.hour, 2, out));
  out = Put(':', Digits(time.minute, 2, out));
  return Digits(time.second, 2, out);
}

char* Date(const LocalTime& time, char* out) {
  out = Put('-', Digits(time.year, 4, out));
  out = Put('-', Digits(time.month, 2, out));
  return Digits(time.day, 2, out);
}

char* OffsetHours(const LocalTime& time, char* out) {
  out = Put(time.offset_minutes < 0 ? '-' : '+', out);
  return Digits(std::abs(time.offset_minutes) / 60, 2, out);
}

char* OffsetMinutes(const LocalTime& time, char* out) {
  return Digits(std::abs(time.offset_minutes) % 60, 2, out);
}

}  // namespace

std::int64_t MonotonicUs() {
  const auto since_epoch = Clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
}

LocalTime LocalTimeAt(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  localtime_r(&time, &parts);
  g_offset_minutes.store(static_cast<int>(parts.tm_gmtoff / 60), std::memory_order_relaxed);
  return LocalTimeInHandler(unix_seconds);
}

LocalTime LocalTimeInHandler(std::int64_t unix_seconds) {
  const int offset = g_offset_minutes.load(std::memory_order_relaxed);
  const std::chrono::sys_seconds local{seconds(unix_seconds) + minutes(offset)};
  const auto midnight = floor<days>(local);
  const std::chrono::year_month_day date{midnight};
  const auto of_day = static_cast<int>((local - midnight).count());
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .hour = of_day / 3600,
          .minute = of_day / 60 % 60,
          .second = of_day % 60,
          .offset_minutes = offset};
}

char* FormatErrorLogTime(const LocalTime& time, char* out) {
  out = Clock24(time, Put(' ', Date(time, out)));
  return OffsetMinutes(time, OffsetHours(time, Put(' ', out)));
}

char* FormatAccessLogTime(const LocalTime& time, char* out) {
  out = Put('/', Digits(time.day, 2, Put('[', out)));
  std::memcpy(out, kMonths.at(static_cast<std::size_t>(time.month - 1)), 3);
  out = Put(':', Digits(time.year, 4, Put('/', out + 3)));
  out = OffsetHours(time, Put(' ', Clock24(time, out)));
  return Put(']', OffsetMinutes(time, out));
}

char* FormatIsoTime(const LocalTime& time, int millisecond, char* out) {
  out = Put('.', Clock24(time, Put('T', Date(time, out))));
  out = OffsetHours(time, Digits(millisecond, 3, out));
  return OffsetMinutes(time, Put(':', out));
}

}  // namespace sqlicorn
