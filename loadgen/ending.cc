// SPDX-License-Identifier: MIT
#include "loadgen/ending.h"

namespace sqlicorn::loadgen {

const std::string_view kExitCodesHelp =
    "Exit codes, where several hold the one that stands first:\n"
    "  2    wrong flag, plan or scenario; nothing was measured\n"
    "  5    the audit found acknowledged writes missing, or rows that nobody asked for\n"
    "  4    the measurement is invalid\n"
    "  6    a report file could not be written\n"
    "  130  `compare` was interrupted\n"
    "  3    a --fail-if holds\n"
    "  1    an error ended the measurement, or (run) some requests failed: "
    "--exit-code-on-error\n"
    "  0    none of these";

int ExitCodeOf(Ending ending, int on_failed_requests) {
  switch (ending) {
    case Ending::kGood:
      return 0;
    case Ending::kRequestsFailed:
      return on_failed_requests;
    case Ending::kError:
      return 1;
    case Ending::kThreshold:
      return 3;
    case Ending::kInterrupted:
      return 130;
    case Ending::kNotWritten:
      return 6;
    case Ending::kInvalid:
      return 4;
    case Ending::kWritesLost:
      return 5;
    case Ending::kUsage:
      break;
  }
  return 2;
}

}  // namespace sqlicorn::loadgen
