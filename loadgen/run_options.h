// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "loadgen/command_line.h"
#include "loadgen/run/runner.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// What flags change of a scenario, or cannot.
[[nodiscard]] Status Apply(const RunFlags& flags, Scenario* scenario);

// What flags and scenario make of a run; the flags come first.
[[nodiscard]] RunOptions OptionsOf(const RunFlags& flags, const Scenario& scenario);

}  // namespace sqlicorn::loadgen
