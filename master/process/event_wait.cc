// SPDX-License-Identifier: MIT
#include "master/process/event_wait.h"

#include <algorithm>

namespace sqlicorn {

timespec TimeUntil(TimePoint deadline) {
  const auto left = std::max(deadline - Clock::now(), Duration::zero());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  timespec timeout{};
  timeout.tv_sec = seconds.count();
  timeout.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
  return timeout;
}

void EventWait::Until(TimePoint deadline) {
  const timespec timeout = TimeUntil(deadline);
  ppoll(fds_.data(), fds_.size(), &timeout, nullptr);
}

}  // namespace sqlicorn
