// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "common/base/clock.h"

namespace sqlicorn::loadgen {

// How far a plan is.
struct PlanPosition {
  std::size_t runs = 0;  // of the whole plan
  std::size_t done = 0;
  Duration load_time{};    // of one run: warm-up and counted time
  Duration done_time{};    // all that the runs done took
  Duration run_elapsed{};  // since the run under way began
};

struct PlanEstimate {
  double share = 0;  // done, 0 to 1
  Duration left{};
};

// A run is taken to last as long as those before it did; the first as long as its load and a guess
// for start, stop and audit. A run that takes longer than that counts as nearly done.
[[nodiscard]] PlanEstimate EstimatePlan(const PlanPosition& position);

}  // namespace sqlicorn::loadgen
