// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/uv/loop.h"

struct uv_process_s;

namespace sqlicorn {

// How a child ended: an exit status, or the signal that killed it.
struct ProcessExit {
  int status = 0;
  int signal = 0;

  [[nodiscard]] bool success() const { return status == 0 && signal == 0; }
};

// A program started and watched on a loop: the load generator's servers. Not for the master, which
// forks its workers itself.
class ChildProcess {
 public:
  struct Command {
    std::vector<std::string> argv;  // argv[0] is the path of the program
    std::string stdout_path;        // file to append to, "" = inherit
    std::string stderr_path;        // likewise; may be the same file
    int last_signal = SIGKILL;      // sent where it still runs and nobody is left to wait for it
  };

  // `on_exit` is called once, on the loop, after the child was reaped.
  [[nodiscard]] static Result<std::unique_ptr<ChildProcess>> Start(
      Loop& loop, const Command& command, std::function<void(ProcessExit)> on_exit);

  // A child still running is sent its last signal: nothing is left behind.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const;

  [[nodiscard]] bool running() const { return running_; }

  void Kill(int signal);

 private:
  ChildProcess() = default;

  Handle<uv_process_s> process_;
  std::function<void(ProcessExit)> on_exit_;
  int last_signal_ = 0;
  bool running_ = false;
};

// Sends a signal to a process that is not a child of this one. False when there is none such.
bool SignalProcess(pid_t pid, int signal);

}  // namespace sqlicorn
