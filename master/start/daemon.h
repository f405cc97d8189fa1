// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/process.h"
#include "common/base/result.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

enum class DaemonOutput { kDiscard, kInherit };

// The daemon's word to the process it was launched from, which waits for it in the foreground.
class LaunchReport {
 public:
  // Splits this process in two. The daemon, in a session of its own, gets the report; the launcher
  // never returns: it ends with 0 once the daemon serves, else with the daemon's exit code. Until
  // then the daemon keeps the standard streams, so that whoever launched it reads why it failed.
  // REQUIRES: no thread, loop or child yet.
  [[nodiscard]] static Result<LaunchReport> Detach(DaemonOutput output);

  // Requests can be served. The standard streams go to /dev/null; under kInherit only the input.
  // Has an effect once.
  void Ready();

  // The daemon is about to end. Without effect after Ready().
  void Failed(ExitCode code);

  // In a forked child: leaves the report to the master.
  void LeaveInChild() { pipe_.Reset(); }

  // As Ready() does: in a forked child that has nothing more to say to whoever launched us.
  void DiscardStreams() const;

 private:
  LaunchReport(UniqueFd pipe, DaemonOutput output) : pipe_(std::move(pipe)), output_(output) {}

  void Send(ExitCode code);

  UniqueFd pipe_;
  DaemonOutput output_;
};

}  // namespace sqlicorn
