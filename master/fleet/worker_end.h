// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "common/base/process.h"
#include "master/fleet/worker_table.h"

namespace sqlicorn {

// What a wait status says about a worker that has ended, and the log line about it.

[[nodiscard]] bool ExitedWith(int status, ExitCode code);

// Why no worker of a server could start, and what that server ends with.
struct BootFailure {
  ExitCode code;
  std::string reason;
};

// What the end of a worker that never served says about all others: nothing, where it was no more
// than its own misfortune.
[[nodiscard]] std::optional<BootFailure> BootFailureOf(int status);

// A signal or an exit code other than 0.
[[nodiscard]] bool EndedBadly(int status);

// Who ended the worker and why; for exit code 0, of which gunicorn says nothing, at level INFO.
void LogWorkerEnd(const WorkerRecord& worker, int status);

// "exit code 1", "SIGKILL"
[[nodiscard]] std::string DescribeEnd(int status);

// "SIGTERM"
[[nodiscard]] std::string SignalName(int signal);

// "term", as gunicorn logs a handled signal.
[[nodiscard]] std::string LowerCaseName(int signal);

}  // namespace sqlicorn
