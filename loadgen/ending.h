// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sqlicorn::loadgen {

// How a command ended, the gravest last: where several hold, the greatest decides the exit code.
// What cannot be believed (a wrong command line, lost writes, an invalid measurement) stands above
// what was found by it.
enum class Ending {
  kGood,
  kRequestsFailed,  // some of a `run`; a comparison measures them and is content
  kError,           // an error ended the measurement early
  kThreshold,       // a --fail-if holds
  kInterrupted,     // `compare`, by a signal; `run` ends well then, as locust does
  kNotWritten,      // a report file could not be written
  kInvalid,         // the measurement says more about the generator or the machine
  kWritesLost,      // the audit found acknowledged writes missing, or others that nobody asked for
  kUsage,           // wrong flag, plan or scenario: nothing was measured
};

// `on_failed_requests` is the code of kRequestsFailed (`run --exit-code-on-error`).
[[nodiscard]] int ExitCodeOf(Ending ending, int on_failed_requests = 1);

// For --help.
extern const std::string_view kExitCodesHelp;

}  // namespace sqlicorn::loadgen
