// SPDX-License-Identifier: MIT
#include "common/uv/receive_lag.h"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <ctime>
#include <utility>

namespace sqlicorn {
namespace {

// The kernel stamps a segment that is read to its end; what is longer goes without a look.
constexpr std::size_t kPeekBytes = 65536;

std::chrono::nanoseconds ToDuration(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// The kernel's stamps are of the wall clock.
std::chrono::nanoseconds WallClock() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return ToDuration(now);
}

// Zero where there is no stamp.
std::chrono::nanoseconds StampIn(msghdr* message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(message); part != nullptr; part = CMSG_NXTHDR(message, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPING) {
      scm_timestamping stamps{};
      std::memcpy(&stamps, CMSG_DATA(part), sizeof(stamps));
      return ToDuration({stamps.ts[0].tv_sec, stamps.ts[0].tv_nsec});
    }
  }
  return {};
}

}  // namespace

ReceiveLag::ReceiveLag(std::uint32_t one_in, OnLag on_lag)
    : mask_(one_in - 1), on_lag_(std::move(on_lag)), buffer_(kPeekBytes) {}

void ReceiveLag::Attach(int fd) const {
  const int flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags));
}

void ReceiveLag::Look(int fd) {
  iovec data{buffer_.data(), buffer_.size()};
  alignas(cmsghdr) std::array<char, 256> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (recvmsg(fd, &message, MSG_PEEK | MSG_DONTWAIT) <= 0) {
    return;
  }
  const std::chrono::nanoseconds stamp = StampIn(&message);
  // A wall clock that was set back in between tells nothing.
  if (const auto lag = WallClock() - stamp; stamp.count() != 0 && lag.count() >= 0) {
    on_lag_(lag);
  }
}

}  // namespace sqlicorn
