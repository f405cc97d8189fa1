// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "common/base/clock.h"

namespace sqlicorn {

// How long octets lay in the kernel before we read them: the difference between the time stamp that
// the kernel gave to what came (SO_TIMESTAMPING, by software) and the reading. Looked at is one
// read of several, drawn at random so that no connection is preferred; libuv reads without control
// data, so that the look is a reading of its own that takes nothing away (MSG_PEEK). TCP alone has
// such stamps.
class ReceiveLag {
 public:
  using OnLag = std::function<void(Duration)>;

  // One read of `one_in` is looked at. REQUIRES: a power of two.
  ReceiveLag(std::uint32_t one_in, OnLag on_lag);

  // Asks the kernel for stamps of what comes on this socket.
  void Attach(int fd) const;

  // Whether the next read is one to be looked at.
  [[nodiscard]] bool Draws() {
    draw_ = draw_ * 6364136223846793005U + 1442695040888963407U;  // Knuth, MMIX
    return ((draw_ >> 33U) & mask_) == 0;
  }

  // `fd` is about to be read.
  void Look(int fd);

 private:
  std::uint64_t draw_ = 1;
  std::uint64_t mask_;
  OnLag on_lag_;
  std::vector<char> buffer_;
};

}  // namespace sqlicorn
