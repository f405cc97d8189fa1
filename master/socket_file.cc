// SPDX-License-Identifier: MIT
#include "master/socket_file.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "common/base/unique_fd.h"

namespace sqlicorn {
namespace {

// By way of a descriptor: whoever may write the directory could put a link to another file in the
// socket's place.
int GiveAwaySocket(const std::string& path, const FileOwner& owner) {
  const UniqueFd file(open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));

  struct stat info {};

  if (!file || fstat(file.get(), &info) != 0) {
    return errno;
  }
  return S_ISSOCK(info.st_mode) ? GiveAway(file.get(), owner) : ENOTSOCK;
}

}  // namespace

int BindSocketFile(int fd, const SocketAddress& address, const SocketFileRights& rights) {
  const mode_t former = umask(static_cast<mode_t>(0777 & ~rights.mode));
  int error = bind(fd, address.raw(), address.length()) == 0 ? 0 : errno;
  umask(former);
  if (error != 0 || !rights.owner.set()) {
    return error;
  }
  error = GiveAwaySocket(address.unix_path(), rights.owner);
  if (error != 0) {
    unlink(address.unix_path().c_str());
  }
  return error;
}

}  // namespace sqlicorn
