// SPDX-License-Identifier: MIT
#include "master/process/process_spawner.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "common/base/log.h"
#include "common/base/process.h"

namespace sqlicorn {
namespace {

// The child's side of a fork, in this order:
// 1. the signal mask the master was started with, before anything can wait for a signal;
// 2. the identity, before anything is opened; a change of user takes the right to leave a core,
//    which a worker that fails should leave where cores are kept;
// 3. die with the master: the kernel's word first, which a change of user would take back, then a
//    look whether it came too late.
void SetUpChild(const SignalQueue& signals, const Identity& identity, pid_t master) {
  signals.RestoreInChild();
  if (const Status become = identity.Become(); !become) {
    LogError("Process failed to start: {}", become.error().message);
    TellStarter(become.error().message);
    _exit(static_cast<int>(ExitCode::kWorkerBoot));
  }
  prctl(PR_SET_DUMPABLE, 1);
  std::signal(SIGALRM, SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGALRM);
  if (getppid() != master) {
    _exit(0);
  }
}

}  // namespace

Result<pid_t> ProcessSpawner::Spawn(const std::function<ExitCode()>& body,
                                    const Identity& identity) const {
  const pid_t master = getpid();
  const pid_t child = fork();
  if (child < 0) {
    return SystemError("fork", errno);
  }
  if (child == 0) {
    SetUpChild(signals_, identity, master);
    _exit(static_cast<int>(body()));
  }
  return child;
}

// Neither end may block: a child that has much to say must not hang at a master that does not read,
// nor the master at a pipe that is empty, which never ends, as it holds a writing end itself.
LastWords::LastWords() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
    reader_ = UniqueFd(ends[0]);
    writer_ = UniqueFd(ends[1]);
    SetStarterPipe(writer_.get());
  }
}

LastWords::~LastWords() {
  SetStarterPipe(-1);
}

std::string LastWords::Take() {
  std::string all;
  std::array<char, 4096> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  // No more than fits into the pipe at once: a child may write without a pause.
  constexpr std::size_t kMost = std::size_t{64} * 1024;
  ssize_t got = 0;
  while (all.size() < kMost && (got = read(reader_.get(), chunk.data(), chunk.size())) > 0) {
    all.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return all.substr(0, all.find('\0'));
}

}  // namespace sqlicorn
