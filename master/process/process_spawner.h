// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "common/base/process.h"
#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "master/process/events.h"
#include "master/process/identity.h"

namespace sqlicorn {

// Forks the children that serve the master and end with it. Three others fork: the launcher of a
// daemon, USR2 for the second master, which outlives us, and the lock probe for its witness.
class ProcessSpawner {
 public:
  // `signals` is the master's queue, which a child leaves behind; it must outlive the spawner.
  explicit ProcessSpawner(const SignalQueue& signals) : signals_(signals) {}

  // Runs `body` in a new process, which ends with the returned code by _exit: no destructor of an
  // object of the master runs there. The child has the given identity (kWorkerBoot and a line in
  // the log when it could not be had) and gets SIGALRM when the master dies.
  [[nodiscard]] Result<pid_t> Spawn(const std::function<ExitCode()>& body,
                                    const Identity& identity = {}) const;

 private:
  const SignalQueue& signals_;
};

// Carries to the master why a child could not do what it was started for: what the child says with
// TellStarter, ReportFatal among others. One pipe for all children, made before the first of them;
// where none is to be had the master learns nothing.
class LastWords {
 public:
  LastWords();
  ~LastWords();
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;

  // The first message that came since the last call, "" if none did. Later ones are dropped.
  [[nodiscard]] std::string Take();

  // In a forked child, which keeps the writing end only.
  void LeaveInChild() { reader_.Reset(); }

 private:
  UniqueFd reader_;
  UniqueFd writer_;
};

}  // namespace sqlicorn
