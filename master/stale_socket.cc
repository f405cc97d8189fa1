// SPDX-License-Identifier: MIT
#include "master/stale_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "common/base/unique_fd.h"

namespace sqlicorn {

int RemoveStaleSocket(const SocketAddress& address) {
  const std::string path = address.unix_path();

  struct stat info {};

  if (lstat(path.c_str(), &info) != 0) {
    return 0;
  }
  if (!S_ISSOCK(info.st_mode)) {
    return ENOTSOCK;
  }
  const UniqueFd probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (connect(probe.get(), address.raw(), address.length()) == 0) {
    return EADDRINUSE;
  }
  if (errno == ECONNREFUSED) {
    unlink(path.c_str());
    return 0;
  }
  // EAGAIN: it listens and its queue is full.
  return errno == EAGAIN ? EADDRINUSE : errno;
}

}  // namespace sqlicorn
