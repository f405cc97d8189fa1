// SPDX-License-Identifier: MIT
#include "common/base/syslog_probe.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include <fmt/format.h>

#include "common/base/unique_fd.h"

namespace sqlicorn {
namespace {

constexpr int kPatienceMs = 200;

// Of the socket, which forgets it.
int TakeError(int fd) {
  int error = 0;
  socklen_t length = sizeof(error);
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

// 0 or an errno.
int Connect(const UniqueFd& fd, const SocketAddress& address) {
  if (!fd) {
    return errno;
  }
  if (connect(fd.get(), address.raw(), address.length()) == 0 || errno == EAGAIN) {
    return 0;  // EAGAIN: a unix stream whose queue is full
  }
  if (errno != EINPROGRESS) {
    return errno;
  }
  pollfd writable{fd.get(), POLLOUT, 0};
  return poll(&writable, 1, kPatienceMs) == 1 ? TakeError(fd.get()) : ETIMEDOUT;
}

UniqueFd Open(int family, int type) {
  return UniqueFd(socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// On the loopback the refusal has come before send returns.
int AskByUdp(const UniqueFd& fd, const SyslogOptions& options) {
  const std::string line = fmt::format("<{}>{}.error: [{}] This server logs here",
                                       options.facility * 8 + 6, options.program, getpid());
  const bool sent = send(fd.get(), line.c_str(), line.size() + 1, MSG_NOSIGNAL) >= 0;
  return sent ? TakeError(fd.get()) : errno;
}

}  // namespace

Status ProbeSyslog(const SyslogOptions& options) {
  const SocketAddress& address = options.target.address;
  int error = EPROTOTYPE;
  if (options.target.transport != SyslogTransport::kStream) {
    const UniqueFd fd = Open(address.family(), SOCK_DGRAM);
    error = Connect(fd, address);
    if (error == 0 && address.family() != AF_UNIX) {
      error = AskByUdp(fd, options);
    }
  }
  if (error == EPROTOTYPE && options.target.transport != SyslogTransport::kDatagram) {
    error = Connect(Open(address.family(), SOCK_STREAM), address);
  }
  return error == 0 ? Status() : SystemError(address.ToString(), error);
}

}  // namespace sqlicorn
