// SPDX-License-Identifier: MIT
#include "master/sockets/unix_listener.h"

#include <sys/socket.h>

#include <cerrno>

#include <fmt/format.h>

#include "common/base/file_place.h"
#include "common/base/socket_address.h"

namespace sqlicorn {
namespace {

constexpr int kBacklog = 16;

Error ListenError(const std::string& path, int errno_value) {
  const std::string what = fmt::format("cannot listen at unix:{}", path);
  if (errno_value == EADDRINUSE) {
    return Error{what + ": another process listens there"};
  }
  if (errno_value == ENOTSOCK) {
    return Error{what + ": the file exists and is not a socket"};
  }
  return Error{fmt::format("{}: {}", what, PlaceErrorText(errno_value))};
}

}  // namespace

Result<UnixListener> UnixListener::Listen(const std::string& path, const SocketFileRights& rights) {
  const auto address = SocketAddress::Unix(path);
  if (!address) {
    return address.error();
  }
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) {
    return SystemError("socket", errno);
  }
  if (const int error = BindSocketFile(fd.get(), *address, rights); error != 0) {
    return ListenError(path, error);
  }
  SocketFile file(path);
  if (listen(fd.get(), kBacklog) != 0) {
    return ListenError(path, errno);
  }
  return UnixListener(std::move(file), std::move(fd));
}

}  // namespace sqlicorn
