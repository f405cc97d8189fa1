// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/clock.h"

namespace sqlicorn::loadgen {

// When users start: as in locust, k = max(1, floor(rate)) users every k / rate seconds, the first
// of them at once. A pure function of the time since the start.
class Ramp {
 public:
  // REQUIRES: spawn_rate > 0.
  Ramp(std::uint32_t users, double spawn_rate);

  // How many users have started after `elapsed`.
  [[nodiscard]] std::uint32_t UsersAt(Duration elapsed) const;

  // When the next users start, given how many have; nothing once all have.
  [[nodiscard]] std::optional<Duration> NextStep(std::uint32_t started) const;

 private:
  std::uint32_t users_;
  std::uint32_t step_users_;
  double step_seconds_;
};

}  // namespace sqlicorn::loadgen
