// SPDX-License-Identifier: MIT
#include "loadgen/run/ramp.h"

#include <algorithm>
#include <cmath>

#include "common/base/result.h"

namespace sqlicorn::loadgen {
namespace {

// A step time that went through Duration still counts as reached.
constexpr double kSlackSeconds = 5e-7;

double Difference(std::uint32_t from, std::uint32_t to) {
  return std::abs(static_cast<double>(to) - static_cast<double>(from));
}

}  // namespace

Ramp::Ramp(std::uint32_t users, double spawn_rate) : slopes_{InSteps(0, users, spawn_rate)} {
  slopes_.front().end = Duration::max();
}

Ramp::Ramp(const std::vector<Stage>& stages) {
  CHECK(!stages.empty());
  Duration begin{};
  std::uint32_t from = 0;
  for (const Stage& stage : stages) {
    Slope slope = stage.spawn_rate ? InSteps(from, stage.users, *stage.spawn_rate)
                                   : Evenly(from, stage.users, stage.duration);
    slope.begin = begin;
    slope.end = begin + stage.duration;
    begin = slope.end;
    // What a rate too low does not reach in its time is where the next stage begins.
    from = slope.UsersAt(slope.end);
    slopes_.push_back(slope);
  }
}

Ramp::Slope Ramp::InSteps(std::uint32_t from, std::uint32_t to, double rate) {
  CHECK(rate > 0);
  Slope slope;
  slope.from = from;
  slope.to = to;
  slope.step_users = std::clamp(std::floor(rate), 1.0, static_cast<double>(UINT32_MAX));
  slope.step_seconds = slope.step_users / rate;
  slope.steps_at_begin = 1;
  return slope;
}

Ramp::Slope Ramp::Evenly(std::uint32_t from, std::uint32_t to, Duration duration) {
  Slope slope;
  slope.from = from;
  slope.to = to;
  slope.step_seconds = ToSeconds(duration) / std::max(Difference(from, to), 1.0);
  return slope;
}

double Ramp::Slope::StepsAt(Duration elapsed) const {
  const double passed = ToSeconds(std::min(elapsed, end) - begin);
  return std::floor((passed + kSlackSeconds) / step_seconds) + steps_at_begin;
}

std::uint32_t Ramp::Slope::UsersAt(Duration elapsed) const {
  const double change = std::min(Difference(from, to), StepsAt(elapsed) * step_users);
  return to >= from ? from + static_cast<std::uint32_t>(change)
                    : from - static_cast<std::uint32_t>(change);
}

std::optional<Duration> Ramp::Slope::NextStep(Duration elapsed) const {
  const double steps = StepsAt(elapsed);
  if (steps * step_users >= Difference(from, to)) {
    return std::nullopt;
  }
  return begin + FromSeconds((steps + 1 - steps_at_begin) * step_seconds);
}

const Ramp::Slope& Ramp::SlopeAt(Duration elapsed) const {
  const auto slope = std::find_if(slopes_.begin(), slopes_.end(),
                                  [&](const Slope& candidate) { return elapsed < candidate.end; });
  return slope == slopes_.end() ? slopes_.back() : *slope;
}

std::uint32_t Ramp::UsersAt(Duration elapsed) const {
  return elapsed < Duration::zero() ? 0 : SlopeAt(elapsed).UsersAt(elapsed);
}

std::optional<Duration> Ramp::NextChange(Duration elapsed) const {
  if (elapsed < Duration::zero()) {
    return Duration::zero();
  }
  const Slope& slope = SlopeAt(elapsed);
  const std::optional<Duration> step = slope.NextStep(elapsed);
  if (step && *step < slope.end) {
    return step;
  }
  const bool last = &slope == &slopes_.back();
  if (!last) {
    return slope.end;
  }
  return step && elapsed < slope.end ? std::optional(slope.end) : std::nullopt;
}

}  // namespace sqlicorn::loadgen
