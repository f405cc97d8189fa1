// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loadgen/scenario/random.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// The sum of the weights. REQUIRES: it is at least 1 and less than 2^32.
[[nodiscard]] std::uint64_t SumOfWeights(const std::vector<Sequence>& sequences);

// An index into `sequences`, drawn independently with probability weight / `sum`, the same sequence
// of draws for the same seed and stream.
[[nodiscard]] std::size_t DrawByWeight(const std::vector<Sequence>& sequences, std::uint64_t sum,
                                       Random& random);

// Which request a user sends next: first those of its start in order, then one sequence after the
// other, drawn by weight. One per user, with draws of its own: what a user does must not depend on
// how fast the others are.
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
  std::uint64_t sum_;  // of the weights
  Random random_;
  const std::vector<std::size_t>* steps_;
  std::size_t at_ = 0;  // how many of them Next has given
  Phase phase_;
  bool failed_ = false;
};

}  // namespace sqlicorn::loadgen
