// SPDX-License-Identifier: MIT
#include "master/unix_listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "common/base/socket_address.h"
#include "master/stale_socket.h"

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
  return SystemError(what, errno_value);
}

}  // namespace

Result<UnixListener> UnixListener::Listen(const std::string& path, const SocketFileRights& rights) {
  const auto address = SocketAddress::Unix(path);
  if (!address) {
    return address.error();
  }
  if (const int error = RemoveStaleSocket(*address); error != 0) {
    return ListenError(path, error);
  }
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) {
    return SystemError("socket", errno);
  }
  if (const int error = BindSocketFile(fd.get(), *address, rights); error != 0) {
    return ListenError(path, error);
  }
  UnixListener listener(path, std::move(fd));

  struct stat info {};

  if (stat(path.c_str(), &info) != 0 || listen(listener.fd(), kBacklog) != 0) {
    return ListenError(path, errno);
  }
  listener.device_ = info.st_dev;
  listener.inode_ = info.st_ino;
  return listener;
}

Status UnixListener::Rename(const std::string& path) {
  if (rename(path_.c_str(), path.c_str()) != 0) {
    return SystemError(fmt::format("cannot rename '{}' to '{}'", path_, path), errno);
  }
  path_ = path;
  return {};
}

UnixListener::~UnixListener() {
  struct stat info {};

  if (fd_ && stat(path_.c_str(), &info) == 0 && info.st_dev == device_ && info.st_ino == inode_) {
    unlink(path_.c_str());
  }
}

}  // namespace sqlicorn
