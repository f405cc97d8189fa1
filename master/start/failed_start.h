// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/exit_code.h"
#include "common/base/result.h"

namespace sqlicorn {

// How a start ends that cannot succeed: says why, and with which code the process ends.
[[nodiscard]] ExitCode FailStart(const Error& error);

// For what the configuration itself has wrong.
[[nodiscard]] ExitCode FailStartForGood(Error error);

// The code alone, when somebody else has said why. A service manager must not start again and again
// what stays wrong, so to it that has a code of its own; everybody else hears gunicorn's.
[[nodiscard]] ExitCode FailedStartCode(bool lasting);

}  // namespace sqlicorn
