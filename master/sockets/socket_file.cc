// SPDX-License-Identifier: MIT
#include "master/sockets/socket_file.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "common/base/file_place.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {
namespace {

// By way of a descriptor: whoever may write the directory could put a link to another file in the
// socket's place.
int GiveAwaySocket(const FilePlace& place, const FileOwner& owner) {
  const UniqueFd file(
      openat(place.directory.get(), place.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));

  struct stat info {};

  if (!file || fstat(file.get(), &info) != 0) {
    return errno;
  }
  return S_ISSOCK(info.st_mode) ? GiveAway(file.get(), owner) : ENOTSOCK;
}

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
    return UnlinkAtPlace(path);
  }
  // EAGAIN: it listens and its queue is full.
  return errno == EAGAIN ? EADDRINUSE : errno;
}

// The umask makes the file with its permissions: a chmod afterwards would leave a moment for
// others.
int BindSocketFile(int fd, const SocketAddress& address, const SocketFileRights& rights) {
  FilePlace place;
  int error = FindFilePlace(address.unix_path(), &place);
  error = error == 0 ? RemoveStaleSocket(address) : error;
  if (error != 0) {
    return error;
  }
  const mode_t former = umask(static_cast<mode_t>(0777 & ~rights.mode));
  error = bind(fd, address.raw(), address.length()) == 0 ? 0 : errno;
  umask(former);
  if (error != 0 || !rights.owner.set()) {
    return error;
  }
  error = GiveAwaySocket(place, rights.owner);
  if (error != 0) {
    unlinkat(place.directory.get(), place.name.c_str(), 0);
  }
  return error;
}

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
  struct stat info {};

  if (!path_.empty() && lstat(path_.c_str(), &info) == 0) {
    device_ = info.st_dev;
    inode_ = info.st_ino;
  }
}

SocketFile::SocketFile(SocketFile&& other) noexcept
    : path_(std::move(other.path_)),
      device_(other.device_),
      inode_(std::exchange(other.inode_, 0)) {}

SocketFile& SocketFile::operator=(SocketFile&& other) noexcept {
  if (this != &other) {
    Unlink();
    path_ = std::move(other.path_);
    device_ = other.device_;
    inode_ = std::exchange(other.inode_, 0);
  }
  return *this;
}

Status SocketFile::Rename(const std::string& path) {
  if (rename(path_.c_str(), path.c_str()) != 0) {
    return SystemError(fmt::format("cannot rename '{}' to '{}'", path_, path), errno);
  }
  path_ = path;
  return {};
}

void SocketFile::Unlink() {
  struct stat info {};

  if (inode_ != 0 && lstat(path_.c_str(), &info) == 0 && info.st_dev == device_ &&
      info.st_ino == inode_) {
    UnlinkAtPlace(path_);
  }
  inode_ = 0;
}

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
