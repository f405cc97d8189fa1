// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/log.h"

namespace sqlicorn {

// Lines of one kind that may come by the thousand: the first few of each second are written, the
// others counted. One per kind and process.
class LogThrottle {
 public:
  static constexpr int kLinesPerSecond = 10;

  // `kind` ends the line "… and 12 more like it: ", as in "invalid requests".
  explicit LogThrottle(std::string kind) : kind_(std::move(kind)) {}

  // Whether a line may be written now. Also tells of those held back in a second that is over.
  [[nodiscard]] bool Admit(TimePoint now, LogLevel level);

  // Tells of what was held back once its second is over. Call it now and then.
  void Report(TimePoint now);

 private:
  std::string kind_;
  TimePoint begin_{};  // of the second in which lines are counted
  int admitted_ = 0;
  std::uint64_t held_back_ = 0;
  LogLevel level_ = LogLevel::kWarning;
};

}  // namespace sqlicorn
