// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loadgen/run/task_picker.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// Which request a user sends next: first those of its start in order, then one sequence after the
// other, drawn by weight.
//
//   kStart -> kDrawn;  kStart -> kStart where a request of the start failed
class StepCursor {
 public:
  // `kind` outlives the cursor.
  StepCursor(const UserKind& kind, std::uint64_t seed, std::uint64_t stream);

  // An index into Scenario::tasks.
  [[nodiscard]] std::size_t Next();

  // The request that Next gave last has failed: what followed it in its sequence is left out.
  void Fail();

  // The request that Next gave last is the first of its sequence or of the start.
  [[nodiscard]] bool begins() const { return at_ == 1; }

  // Nothing of its sequence is left, so that the user makes its pause. There is none after the
  // start, unless it failed.
  [[nodiscard]] bool pauses() const { return failed_ || (phase_ == Phase::kDrawn && ended()); }

 private:
  enum class Phase { kStart, kDrawn };

  [[nodiscard]] bool ended() const { return at_ == steps_->size(); }

  const UserKind& kind_;
  TaskPicker picker_;
  Phase phase_;
  const std::vector<std::size_t>* steps_;
  std::size_t at_ = 0;  // how many of them Next has given
  bool failed_ = false;
};

}  // namespace sqlicorn::loadgen
