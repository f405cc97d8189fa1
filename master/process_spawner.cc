// SPDX-License-Identifier: MIT
#include "master/process_spawner.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace sqlicorn {
namespace {

// The child's side of a fork, in this order:
// 1. the signal mask the master was started with, before anything can wait for a signal;
// 2. die with the master: the kernel's word first, then a look whether it came too late.
void SetUpChild(const SignalQueue& signals, pid_t master) {
  signals.RestoreInChild();
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != master) {
    _exit(0);
  }
}

}  // namespace

Result<pid_t> ProcessSpawner::Spawn(const std::function<ExitCode()>& body) const {
  const pid_t master = getpid();
  const pid_t child = fork();
  if (child < 0) {
    return SystemError("fork", errno);
  }
  if (child == 0) {
    SetUpChild(signals_, master);
    _exit(static_cast<int>(body()));
  }
  return child;
}

}  // namespace sqlicorn
