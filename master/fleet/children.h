// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/process.h"
#include "common/base/result.h"
#include "master/fleet/worker_table.h"

namespace sqlicorn {

// What a worker is started with beside the configuration of the serving generation.
struct WorkerStart {
  std::size_t slot;                       // of the scoreboard; reset and attached by the caller
  std::vector<std::size_t> counter_rows;  // of the endpoints, as EndpointRows gives them
  bool has_served;                        // a worker of this configuration was ready once
};

struct ChildEnd {
  pid_t pid;
  int status;  // as waitpid has it
};

// All that the arbiter does to processes. The real ones are ForkedChildren; a test plays them, so
// that whole turns of the arbiter are tried without a process. What a child serves is the serving
// generation. An error is that no process could be had, and nothing has been started then.
class Children {
 public:
  Children() = default;
  virtual ~Children() = default;
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  [[nodiscard]] virtual Result<pid_t> StartWorker(const WorkerStart& start) = 0;

  // Whether the log of the serving generation is looked after by a checkpointer.
  [[nodiscard]] virtual bool WantsCheckpointer() const = 0;
  [[nodiscard]] virtual Result<pid_t> StartCheckpointer() = 0;

  // Closes the database when nobody else has it open. Ends by itself.
  [[nodiscard]] virtual Result<pid_t> StartLastClose() = 0;

  // Whether a write-ahead log lies beside the database of the serving generation.
  [[nodiscard]] virtual bool HasLog() const = 0;

  // Tries the candidate's configuration on its database and makes it ready. Ends by itself.
  [[nodiscard]] virtual Result<pid_t> StartPreparation() = 0;

  // The second master (USR2), which outlives us.
  [[nodiscard]] virtual Result<pid_t> StartSuccessor() = 0;

  virtual void Signal(pid_t pid, int signal) = 0;

  // One child that has ended and was not told before, without waiting. It may be one that nobody
  // here has started: PID 1 of a container inherits them.
  [[nodiscard]] virtual std::optional<ChildEnd> Reap() = 0;

  // Our parent process, as of now.
  [[nodiscard]] virtual pid_t Parent() const = 0;
};

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
