// SPDX-License-Identifier: MIT
#pragma once

#include "loadgen/command_line.h"

namespace sqlicorn::loadgen {

// `sqlicorn-loadgen run`: one run with locust's console output and files. Returns the exit code:
// 0, the one of --exit-code-on-error when a request failed, 1 when it could not run or not write
// its files.
[[nodiscard]] int RunCommand(const RunFlags& flags);

}  // namespace sqlicorn::loadgen
