// SPDX-License-Identifier: MIT
#include "loadgen/run/ramp.h"

#include <algorithm>
#include <cmath>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

Ramp::Ramp(std::uint32_t users, double spawn_rate) : users_(users) {
  CHECK(spawn_rate > 0);
  const double step = std::clamp(std::floor(spawn_rate), 1.0, static_cast<double>(UINT32_MAX));
  step_users_ = static_cast<std::uint32_t>(step);
  step_seconds_ = step / spawn_rate;
}

std::uint32_t Ramp::UsersAt(Duration elapsed) const {
  if (elapsed < Duration::zero()) {
    return 0;
  }
  // Half a microsecond of slack: a step time that went through Duration still counts as reached.
  const double steps = std::floor((ToSeconds(elapsed) + 5e-7) / step_seconds_) + 1;
  return static_cast<std::uint32_t>(std::min(static_cast<double>(users_), steps * step_users_));
}

std::optional<Duration> Ramp::NextStep(std::uint32_t started) const {
  if (started >= users_) {
    return std::nullopt;
  }
  const std::uint32_t steps = started / step_users_;
  return FromSeconds(steps * step_seconds_);
}

}  // namespace sqlicorn::loadgen
