// SPDX-License-Identifier: MIT
#include "master/process/events.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace sqlicorn {
namespace {

constexpr std::array<int, 10> kSignals = {SIGHUP,  SIGQUIT, SIGINT,  SIGTERM,  SIGTTIN,
                                          SIGTTOU, SIGUSR1, SIGUSR2, SIGWINCH, SIGCHLD};

}  // namespace

timespec TimeUntil(TimePoint deadline) {
  const auto left = std::max(deadline - Clock::now(), Duration::zero());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  timespec timeout{};
  timeout.tv_sec = seconds.count();
  timeout.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
  return timeout;
}

// Why it ended nobody asks, nor whether it failed: each of those whose descriptors these are tries
// without blocking. ppoll, as milliseconds would wake the master too early, again and again.
void EventWait::Until(TimePoint deadline) {
  const timespec timeout = TimeUntil(deadline);
  ppoll(fds_.data(), fds_.size(), &timeout, nullptr);
}

Result<SignalQueue> SignalQueue::Open() {
  // A write past RLIMIT_FSIZE or to a closed pipe is an error to handle, not a reason to die.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t ours;
  sigemptyset(&ours);
  for (const int signal : kSignals) {
    sigaddset(&ours, signal);
    // Ignored by whoever started us, SIGCHLD would reap our children behind our back, and SIGQUIT
    // would not end an orphaned child.
    std::signal(signal, SIG_DFL);
  }
  sigset_t original;
  sigprocmask(SIG_BLOCK, &ours, &original);
  UniqueFd fd(signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd) {
    return SystemError("signalfd", errno);
  }
  return SignalQueue(std::move(fd), original);
}

std::optional<int> SignalQueue::Take() {
  signalfd_siginfo info{};
  if (read(fd_.get(), &info, sizeof(info)) != sizeof(info)) {
    return std::nullopt;
  }
  return static_cast<int>(info.ssi_signo);
}

// It takes the signal off the same pending set that the signalfd reads: a SIGCHLD that was seen
// here is not seen again, and whoever waits for a child has to look at that child.
bool SignalQueue::AwaitStop(TimePoint deadline) {
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGCHLD}) {
    sigaddset(&awaited, signal);
  }
  const timespec timeout = TimeUntil(deadline);
  const int signal = sigtimedwait(&awaited, nullptr, &timeout);
  return signal > 0 && signal != SIGCHLD;
}

void SignalQueue::RestoreInChild() const {
  // Those that are no news for a child would end one that has not said yet what it does with them,
  // even if they came before it ran.
  for (const int signal : {SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGWINCH}) {
    std::signal(signal, SIG_IGN);
  }
  sigprocmask(SIG_SETMASK, &original_mask_, nullptr);
}

}  // namespace sqlicorn
