// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "common/base/clock.h"

namespace sqlicorn {

// Longer than any wait a passing test needs, on a machine that is busy with other things.
constexpr Duration kPatience = std::chrono::seconds(20);

// Asks every few milliseconds until `condition` holds; false when it did not within `limit`.
[[nodiscard]] inline bool WaitFor(const std::function<bool()>& condition,
                                  Duration limit = kPatience) {
  const TimePoint deadline = Clock::now() + limit;
  while (!condition()) {
    if (Clock::now() >= deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  return true;
}

}  // namespace sqlicorn
