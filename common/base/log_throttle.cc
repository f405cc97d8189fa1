// SPDX-License-Identifier: MIT
#include "common/base/log_throttle.h"

#include <utility>

namespace sqlicorn {

bool LogThrottle::Admit(TimePoint now, LogLevel level) {
  Report(now);
  if (now - begin_ >= std::chrono::seconds(1)) {
    begin_ = now;
    admitted_ = 0;
  }
  level_ = level;
  if (admitted_ < kLinesPerSecond) {
    ++admitted_;
    return true;
  }
  ++held_back_;
  return false;
}

void LogThrottle::Report(TimePoint now) {
  if (held_back_ > 0 && now - begin_ >= std::chrono::seconds(1)) {
    const std::uint64_t count = std::exchange(held_back_, 0);
    LogLine(level_, fmt::format("\u2026 and {} more like it: {}", count, kind_));
  }
}

}  // namespace sqlicorn
