// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/result.h"

// What the selftest does to a measurement, each with a toy server of its own, and whether the
// reports tell of it.
namespace sqlicorn::loadgen {

struct TrialOutcome {
  bool told = false;
  std::string saw;  // in the words of the report
};

// The server stands still for a second in the middle of a run of two.
[[nodiscard]] Result<TrialOutcome> FreezeTheServer();

// Four programs that never rest share one core with the generator.
[[nodiscard]] Result<TrialOutcome> StarveTheGenerator();

// The server acknowledges a write that it does not keep.
[[nodiscard]] Result<TrialOutcome> LoseAWrite();

}  // namespace sqlicorn::loadgen
