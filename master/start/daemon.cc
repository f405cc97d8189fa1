// SPDX-License-Identifier: MIT
#include "master/start/daemon.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "common/base/log.h"

namespace sqlicorn {
namespace {

constexpr mode_t kUmask = 022;

// The launcher's life: one octet from the daemon is its exit code. A daemon that dies without a
// word has failed.
[[noreturn]] void AwaitStart(int pipe) {
  unsigned char code = static_cast<unsigned char>(ExitCode::kError);
  ssize_t got = 0;
  do {
    got = read(pipe, &code, 1);
  } while (got < 0 && errno == EINTR);
  _exit(code);
}

// The second fork: who leads no session never gets a controlling terminal by opening one.
Status BecomeDaemon() {
  if (setsid() < 0) {
    return SystemError("setsid", errno);
  }
  const pid_t daemon = fork();
  if (daemon < 0) {
    return SystemError("fork", errno);
  }
  if (daemon > 0) {
    _exit(0);
  }
  umask(kUmask);
  return {};
}

}  // namespace

Result<LaunchReport> LaunchReport::Detach(DaemonOutput output) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return SystemError("pipe", errno);
  }
  UniqueFd from_daemon(ends[0]);
  LaunchReport report(UniqueFd(ends[1]), output);
  const pid_t child = fork();
  if (child < 0) {
    return SystemError("fork", errno);
  }
  if (child > 0) {
    report.pipe_.Reset();
    AwaitStart(from_daemon.get());
  }
  from_daemon.Reset();
  std::signal(SIGPIPE, SIG_IGN);
  if (const Status detached = BecomeDaemon(); !detached) {
    return detached.error();
  }
  return report;
}

void LaunchReport::Ready() {
  if (pipe_) {
    DiscardStreams();
    Send(ExitCode::kOk);
  }
}

void LaunchReport::Failed(ExitCode code) {
  if (pipe_) {
    Send(code);
  }
}

void LaunchReport::DiscardStreams() const {
  const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) {
    LogWarning("{}; the standard streams stay open", SystemError("/dev/null", errno).message);
    return;
  }
  dup2(null.get(), STDIN_FILENO);
  if (output_ == DaemonOutput::kDiscard) {
    dup2(null.get(), STDOUT_FILENO);
    dup2(null.get(), STDERR_FILENO);
    LogToNewStderr();
  }
}

void LaunchReport::Send(ExitCode code) {
  const auto octet = static_cast<unsigned char>(code);
  // A launcher that was interrupted no longer reads: then nobody waits for the word.
  [[maybe_unused]] const ssize_t sent = write(pipe_.get(), &octet, 1);
  pipe_.Reset();
}

}  // namespace sqlicorn
