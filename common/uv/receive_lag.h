// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>

#include "common/base/clock.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

// How long octets lay in the kernel before we read them: the difference between the time stamp that
// the kernel gave to what came (SO_TIMESTAMPING, by software) and the reading. Looked at is one
// answer of several, drawn at random so that no connection is preferred; a socket is asked for
// stamps only while it waits for such an answer, as all others can do without what they cost. TCP
// alone has such stamps.
class ReceiveLag {
 public:
  using OnLag = std::function<void(Duration)>;

  // One answer of `one_in` is looked at. REQUIRES: a power of two.
  ReceiveLag(std::uint32_t one_in, OnLag on_lag);

  // Whether the next answer is one to be looked at.
  [[nodiscard]] bool Draws() {
    draw_ = draw_ * 6364136223846793005U + 1442695040888963407U;  // Knuth, MMIX
    return ((draw_ >> 33U) & mask_) == 0;
  }

  // Asks the kernel for stamps of what comes on this socket from now on.
  void Begin(int fd) const;

  // As recv, and tells how long what it has read has lain there. The last of this socket that is
  // looked at.
  [[nodiscard]] ssize_t Receive(int fd, char* buffer, std::size_t size);

 private:
  std::uint64_t draw_ = 1;
  std::uint64_t mask_;
  OnLag on_lag_;
  // Asks for stamps all the time: the kernel patches itself when the first socket does and when the
  // last one leaves, for which each asking would have to wait.
  UniqueFd keeper_;
};

}  // namespace sqlicorn
