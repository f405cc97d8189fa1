// SPDX-License-Identifier: MIT
#include "loadgen/run/step_cursor.h"

#include "common/base/result.h"

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

TaskPicker::TaskPicker(const std::vector<std::uint32_t>& weights, std::uint64_t seed,
                       std::uint64_t stream)
    : random_(seed, stream) {
  std::uint64_t sum = 0;
  for (const std::uint32_t weight : weights) {
    sum += weight;
    upper_.push_back(sum);
  }
  CHECK(sum >= 1 && sum <= UINT32_MAX);
}

std::size_t TaskPicker::Next() {
  // The high half of a 32 x 32 bit product: a draw below the sum without a division.
  const std::uint64_t draw = (random_.Next() >> 32) * upper_.back() >> 32;
  std::size_t task = 0;
  while (upper_[task] <= draw) {
    ++task;
  }
  return task;
}

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
