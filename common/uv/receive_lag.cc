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

void AskForStamps(int fd, int flags) {
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags));
}

constexpr int kStamps = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;

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
    : mask_(one_in - 1),
      on_lag_(std::move(on_lag)),
      keeper_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  AskForStamps(keeper_.get(), kStamps);
}

void ReceiveLag::Begin(int fd) const {
  AskForStamps(fd, kStamps);
}

ssize_t ReceiveLag::Receive(int fd, char* buffer, std::size_t size) {
  iovec data{buffer, size};
  alignas(cmsghdr) std::array<char, 256> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count = recvmsg(fd, &message, 0);
  if (count <= 0) {
    return count;
  }
  const std::chrono::nanoseconds stamp = StampIn(&message);
  // A wall clock that was set back in between tells nothing.
  if (const auto lag = WallClock() - stamp; stamp.count() != 0 && lag.count() >= 0) {
    on_lag_(lag);
  }
  AskForStamps(fd, 0);
  return count;
}

}  // namespace sqlicorn
