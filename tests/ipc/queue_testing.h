// SPDX-License-Identifier: MIT
#pragma once

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "common/ipc/shared_write_queue.h"

namespace sqlicorn {

inline WriteQueue HandsOn(const SharedWriteQueue& shared) {
  return {shared.state(), shared.slots(), [&shared](std::size_t slot) { shared.Wake(slot); }};
}

using ClockUs = std::int64_t (*)();

// Gets in line and waits for its turn as a worker does; false when it does not come in time.
inline bool Obtain(WriteQueue& queue, const SharedWriteQueue& shared, std::size_t self,
                   std::int64_t patience_us, ClockUs clock = MonotonicUs) {
  const std::int64_t deadline = MonotonicUs() + patience_us;
  queue.Enqueue(self, clock());
  while (!queue.TryAccept(self, clock())) {
    pollfd woken{.fd = shared.event_fd(self), .events = POLLIN, .revents = 0};
    if (poll(&woken, 1, 4) == 1) {
      shared.ClearWake(self);
    } else if (MonotonicUs() > deadline) {
      return false;
    } else if (!queue.TryAccept(self, clock())) {
      queue.Tick(clock());
    }
  }
  return true;
}

// A child that runs `body` and exits with what that returns.
inline pid_t Fork(const std::function<int()>& body) {
  const pid_t pid = fork();
  if (pid == 0) {
    _exit(body());
  }
  return pid;
}

inline int Await(pid_t pid, int options = 0) {
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, options), pid);
  return status;
}

}  // namespace sqlicorn
