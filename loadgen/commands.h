// SPDX-License-Identifier: MIT
#pragma once

#include "loadgen/command_line.h"

namespace sqlicorn::loadgen {

// Commands return their exit code, that of the gravest Ending.

// `sqlicorn-loadgen run`: one run with locust's console output and files.
[[nodiscard]] int RunCommand(const RunFlags& flags);

// `sqlicorn-loadgen compare`: works through a plan and reports on standard output and in files.
// What was measured until it ended is reported in every case.
[[nodiscard]] int CompareCommand(const CompareFlags& flags);

// `sqlicorn-loadgen report`: what the others report, from what they saved.
[[nodiscard]] int ReportCommand(const ReportCommandFlags& flags);

// `sqlicorn-loadgen tune`: searches for a configuration of the server and recommends one. Returns
// the exit code: 3 when nothing that was tried meets what is required.
[[nodiscard]] int TuneCommand(const TuneFlags& flags);

// `sqlicorn-loadgen selftest`: spoils three measurements and shows that the report says so.
[[nodiscard]] int SelftestCommand();

}  // namespace sqlicorn::loadgen
