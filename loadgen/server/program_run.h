// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn::loadgen {

// A program run to its end, on the caller's loop: it succeeds with exit status 0 within the time,
// else the error has the end of what it wrote to standard error. Destroying it kills the program.
class ProgramRun {
 public:
  struct Command {
    std::vector<std::string> argv;
    std::string stdout_path;  // appended to
    std::string stderr_path;  // likewise, another file
    Duration limit = std::chrono::seconds(60);
  };

  // `on_end` is called once, from the loop; it may destroy this object.
  ProgramRun(Loop& loop, Command command, std::function<void(const Status&)> on_end);
  ~ProgramRun() = default;
  ProgramRun(const ProgramRun&) = delete;
  ProgramRun& operator=(const ProgramRun&) = delete;

  [[nodiscard]] Status Start();

 private:
  void OnExit(ProcessExit exit);

  Loop& loop_;
  Command command_;
  std::function<void(const Status&)> on_end_;
  Timer limit_;
  bool too_late_ = false;
  std::unique_ptr<ChildProcess> child_;
};

// "exit status 3" or "signal 9".
[[nodiscard]] std::string ExitText(const ProcessExit& exit);

// The last lines of a log, for an error message: those from "Error: " on if there is one, at most
// 20; "" when there is nothing to show.
[[nodiscard]] std::string TailOf(const std::string& path);

}  // namespace sqlicorn::loadgen
