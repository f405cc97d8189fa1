// SPDX-License-Identifier: MIT
#pragma once

#include "loadgen/command_line.h"
#include "loadgen/ending.h"
#include "loadgen/report/console.h"
#include "loadgen/run/runner.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// `run --find-max`: runs at one rate after the other, to find the greatest at which the objective
// is met. Shows each of them and the result, and writes --numbers-file. `options` are those of each
// run; their rate is where the search begins.
[[nodiscard]] Ending FindMax(const RunFlags& flags, const Scenario& scenario,
                             const RunOptions& options, Console* console);

}  // namespace sqlicorn::loadgen
