// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/base/clock.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// Requests that were sent later than they should have been.
struct Lateness {
  std::uint64_t requests = 0;
  Duration longest = Duration::zero();
};

// Hands the lines of a replay to whichever user is free, each to one, and counts those whose time
// had passed because none was.
class ReplayCursor {
 public:
  // `replay` outlives the cursor; null where there is none.
  explicit ReplayCursor(const Replay* replay) : replay_(replay) {}

  // The time of the first line.
  void Begin(TimePoint start) { start_ = start; }

  [[nodiscard]] bool replays() const { return replay_ != nullptr; }

  // The next one, or nullptr when all are taken. REQUIRES: replays().
  [[nodiscard]] const Replay::Line* Take();

  [[nodiscard]] TimePoint DueAt(const Replay::Line& line) const { return start_ + line.at; }

  // The line is being sent. Timers are precise to a millisecond, and nobody sees ten.
  void NoteSent(const Replay::Line& line, TimePoint now);

  [[nodiscard]] const Lateness& lateness() const { return lateness_; }

  // Until now. REQUIRES: replays().
  [[nodiscard]] Replayed replayed() const { return {replay_->speed, replay_->lines.size(), sent_}; }

  // Of the table of values: what stands for the query.
  [[nodiscard]] std::size_t query_value() const { return replay_->query_value; }

 private:
  const Replay* replay_;
  TimePoint start_;
  std::size_t next_ = 0;
  std::uint64_t sent_ = 0;
  Lateness lateness_;
};

}  // namespace sqlicorn::loadgen
