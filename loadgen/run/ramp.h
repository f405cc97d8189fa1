// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/clock.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// How many users there are: a pure function of the time since the start.
class Ramp {
 public:
  // As in locust: k = max(1, floor(rate)) users every k / rate seconds, the first of them at once.
  // REQUIRES: spawn_rate > 0.
  Ramp(std::uint32_t users, double spawn_rate);

  // From stage to stage, up and down: evenly over a stage, or in locust's steps where it has a
  // rate.
  explicit Ramp(const std::vector<Stage>& stages);

  // How many users there are after `elapsed`.
  [[nodiscard]] std::uint32_t UsersAt(Duration elapsed) const;

  // When to look again, later than `elapsed`; nothing once it stays as it is.
  [[nodiscard]] std::optional<Duration> NextChange(Duration elapsed) const;

 private:
  // A change by steps of the same size at the same distance.
  struct Slope {
    Duration begin{};
    Duration end{};  // of the stage
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    double step_users = 1;
    double step_seconds = 1;
    double steps_at_begin = 0;  // locust's first step is at once

    [[nodiscard]] std::uint32_t UsersAt(Duration elapsed) const;
    // Nothing when all steps are done.
    [[nodiscard]] std::optional<Duration> NextStep(Duration elapsed) const;
    [[nodiscard]] double StepsAt(Duration elapsed) const;
  };

  static Slope InSteps(std::uint32_t from, std::uint32_t to, double rate);
  static Slope Evenly(std::uint32_t from, std::uint32_t to, Duration duration);
  [[nodiscard]] const Slope& SlopeAt(Duration elapsed) const;

  std::vector<Slope> slopes_;  // one after the other; never empty
};

}  // namespace sqlicorn::loadgen
