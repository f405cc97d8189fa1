// SPDX-License-Identifier: MIT
#include "loadgen/run/step_cursor.h"

#include "common/base/result.h"

namespace sqlicorn::loadgen {

std::uint64_t SumOfWeights(const std::vector<Sequence>& sequences) {
  std::uint64_t sum = 0;
  for (const Sequence& sequence : sequences) {
    sum += sequence.weight;
  }
  CHECK(sum >= 1 && sum <= UINT32_MAX);
  return sum;
}

std::size_t DrawByWeight(const std::vector<Sequence>& sequences, std::uint64_t sum,
                         Random& random) {
  // The high half of a 32 x 32 bit product: a draw below the sum without a division.
  const std::uint64_t draw = (random.Next() >> 32) * sum >> 32;
  std::size_t index = 0;
  for (std::uint64_t upper = sequences[0].weight; upper <= draw;) {
    upper += sequences[++index].weight;
  }
  return index;
}

StepCursor::StepCursor(const UserKind& kind, std::uint64_t seed, std::uint64_t stream)
    : kind_(kind),
      sum_(SumOfWeights(kind.sequences)),
      random_(seed, stream),
      steps_(&kind.start),
      phase_(kind.start.empty() ? Phase::kDrawn : Phase::kStart) {}

std::size_t StepCursor::Next() {
  if (phase_ == Phase::kStart && !failed_ && ended()) {
    phase_ = Phase::kDrawn;
  }
  if (failed_ || ended()) {
    at_ = 0;
    steps_ = phase_ == Phase::kStart
                 ? &kind_.start
                 : &kind_.sequences[DrawByWeight(kind_.sequences, sum_, random_)].tasks;
  }
  failed_ = false;
  return (*steps_)[at_++];
}

void StepCursor::Fail() {
  failed_ = true;
}

}  // namespace sqlicorn::loadgen
