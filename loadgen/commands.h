// SPDX-License-Identifier: MIT
#pragma once

#include "loadgen/command_line.h"

namespace sqlicorn::loadgen {

// `sqlicorn-loadgen run`: one run with locust's console output and files. Returns the exit code:
// 0, the one of --exit-code-on-error when a request failed, 1 when it could not run or not write
// its files.
[[nodiscard]] int RunCommand(const RunFlags& flags);

// `sqlicorn-loadgen compare`: works through a plan and reports on standard output and in files.
// Returns the exit code: 0 when all was measured, whatever the numbers, 5 when an audit failed, 130
// after an interrupt, 1 when a configuration could not be run or a file not be written. What was
// measured until then is reported in every case.
[[nodiscard]] int CompareCommand(const CompareFlags& flags);

}  // namespace sqlicorn::loadgen
