// SPDX-License-Identifier: MIT
#pragma once

#include <poll.h>

#include <csignal>
#include <ctime>
#include <optional>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

// What is left until `deadline`; zero when that has passed.
[[nodiscard]] timespec TimeUntil(TimePoint deadline);

// What the master sleeps on between two turns. Made anew for each sleep; says only that something
// happened: whoever added a descriptor then tries it without blocking. Owns no descriptor.
class EventWait {
 public:
  void ForInput(int fd) { fds_.push_back({fd, POLLIN, 0}); }

  void ForOutput(int fd) { fds_.push_back({fd, POLLOUT, 0}); }

  // Sleeps until one of the descriptors is ready or `deadline` has come.
  void Until(TimePoint deadline);

 private:
  std::vector<pollfd> fds_;
};

// The master's signals as a queue: blocked everywhere, read one at a time from a signalfd. Exists
// once, in the master; a child calls RestoreInChild before anything else.
class SignalQueue {
 public:
  // Blocks HUP QUIT INT TERM TTIN TTOU USR1 USR2 WINCH CHLD, at their default dispositions, and
  // ignores PIPE and XFSZ.
  [[nodiscard]] static Result<SignalQueue> Open();

  // The next signal, without waiting. SIGCHLD only wakes; it is returned like the others.
  [[nodiscard]] std::optional<int> Take();

  // Sleeps until a signal asks to stop, a child ends or `deadline` has come; true when it was the
  // first. While a server starts: all other signals wait for Take.
  [[nodiscard]] bool AwaitStop(TimePoint deadline);

  // Makes a sleep end when a signal is queued.
  void AddTo(EventWait& wait) const { wait.ForInput(fd_.get()); }

  // Gives a forked child the mask the master was started with.
  void RestoreInChild() const;

 private:
  SignalQueue(UniqueFd fd, const sigset_t& original)
      : fd_(std::move(fd)), original_mask_(original) {}

  UniqueFd fd_;
  sigset_t original_mask_;
};

}  // namespace sqlicorn
