// SPDX-License-Identifier: MIT
#include "loadgen/run/step_cursor.h"

namespace sqlicorn::loadgen {
namespace {

std::vector<std::uint32_t> WeightsOf(const UserKind& kind) {
  std::vector<std::uint32_t> weights;
  for (const Sequence& sequence : kind.sequences) {
    weights.push_back(sequence.weight);
  }
  return weights;
}

}  // namespace

StepCursor::StepCursor(const UserKind& kind, std::uint64_t seed, std::uint64_t stream)
    : kind_(kind),
      picker_(WeightsOf(kind), seed, stream),
      phase_(kind.start.empty() ? Phase::kDrawn : Phase::kStart),
      steps_(&kind.start) {}

std::size_t StepCursor::Next() {
  if (phase_ == Phase::kStart && !failed_ && ended()) {
    phase_ = Phase::kDrawn;
  }
  if (failed_ || ended()) {
    at_ = 0;
    steps_ = phase_ == Phase::kStart ? &kind_.start : &kind_.sequences[picker_.Next()].tasks;
  }
  failed_ = false;
  return (*steps_)[at_++];
}

void StepCursor::Fail() {
  failed_ = true;
}

}  // namespace sqlicorn::loadgen
