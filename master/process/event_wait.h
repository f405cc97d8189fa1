// SPDX-License-Identifier: MIT
#pragma once

#include <poll.h>

#include <ctime>
#include <vector>

#include "common/base/clock.h"

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

}  // namespace sqlicorn
