// SPDX-License-Identifier: MIT
#include "master/listeners.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/socket_address.h"
#include "common/config/bind_address.h"
#include "master/socket_file.h"
#include "master/stale_socket.h"

namespace sqlicorn {
namespace {

Result<SocketAddress> ToSocketAddress(const BindAddress& bind) {
  return bind.kind == BindKind::kUnix ? SocketAddress::Unix(bind.path)
                                      : SocketAddress::Ip(bind.host, bind.port);
}

Error BindError(const std::string& name, int errno_value) {
  if (errno_value == EADDRINUSE) {
    return Error{
        fmt::format("cannot listen at {}: the address is in use; stop the other server or "
                    "choose another one with bind",
                    name)};
  }
  if (errno_value == ENOTSOCK) {
    return Error{fmt::format("cannot listen at {}: the file exists and is not a socket", name)};
  }
  return SystemError(fmt::format("cannot listen at {}", name), errno_value);
}

int BindTo(int fd, const SocketAddress& address, const SocketFileRights& rights) {
  if (address.family() == AF_UNIX) {
    return BindSocketFile(fd, address, rights);
  }
  return bind(fd, address.raw(), address.length()) == 0 ? 0 : errno;
}

Result<UniqueFd> BindOne(const SocketAddress& address, int backlog,
                         const SocketFileRights& rights) {
  if (address.family() == AF_UNIX) {
    if (const int error = RemoveStaleSocket(address); error != 0) {
      return BindError(address.ToString(), error);
    }
  }
  UniqueFd fd(socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) {
    return SystemError("socket", errno);
  }
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (address.family() != AF_UNIX) {
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  if (const int error = BindTo(fd.get(), address, rights); error != 0) {
    return BindError(address.ToString(), error);
  }
  if (listen(fd.get(), backlog) != 0) {
    return BindError(address.ToString(), errno);
  }
  return fd;
}

std::string NameOf(const SocketAddress& address) {
  return (address.family() == AF_UNIX ? "" : "http://") + address.ToString();
}

}  // namespace

Result<Listeners> Listeners::Bind(const ServerSettings& settings, const FileOwner& owner) {
  const SocketFileRights rights{0777 & ~settings.umask.bits, owner};
  Listeners bound;
  for (const std::string& text : settings.bind) {
    const auto parsed = ParseBindAddress(text);
    if (!parsed) {
      return parsed.error();
    }
    const auto address = ToSocketAddress(*parsed);
    if (!address) {
      return address.error();
    }
    auto fd = BindOne(*address, static_cast<int>(settings.backlog), rights);
    if (!fd) {
      return fd.error();
    }
    const SocketAddress local = SocketAddress::LocalOf(fd->get());
    bound.listeners_.push_back({std::move(*fd), NameOf(local), FileId::Of(local.unix_path())});
  }
  return bound;
}

Listeners Listeners::Adopt(const Inheritance& inheritance) {
  Listeners adopted;
  for (const int fd : inheritance.listeners) {
    const SocketAddress local = SocketAddress::LocalOf(fd);
    const bool ours = inheritance.from == Inheritance::From::kMaster;
    adopted.listeners_.push_back(
        {UniqueFd(fd), NameOf(local), ours ? FileId::Of(local.unix_path()) : FileId()});
  }
  return adopted;
}

Listeners::FileId Listeners::FileId::Of(const std::string& path) {
  struct stat info {};

  if (path.empty() || lstat(path.c_str(), &info) != 0) {
    return {};
  }
  return {info.st_dev, info.st_ino};
}

std::vector<int> Listeners::fds() const {
  std::vector<int> fds;
  for (const Listener& listener : listeners_) {
    fds.push_back(listener.fd.get());
  }
  return fds;
}

std::string Listeners::ToString() const {
  std::vector<std::string> names;
  for (const Listener& listener : listeners_) {
    names.push_back(listener.name);
  }
  return fmt::format("{}", fmt::join(names, ","));
}

void Listeners::Close(SocketFiles files) {
  for (const Listener& listener : listeners_) {
    const std::string path = SocketAddress::LocalOf(listener.fd.get()).unix_path();
    const bool ours = listener.file.inode != 0 && FileId::Of(path) == listener.file;
    if (ours && files == SocketFiles::kUnlink) {
      unlink(path.c_str());
    }
  }
  listeners_.clear();
}

}  // namespace sqlicorn
