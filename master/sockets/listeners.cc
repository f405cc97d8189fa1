// SPDX-License-Identifier: MIT
#include "master/sockets/listeners.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/file_place.h"
#include "common/base/socket_address.h"
#include "common/config/bind_address.h"

namespace sqlicorn {
namespace {

Result<SocketAddress> ToSocketAddress(const std::string& bind) {
  const auto parsed = ParseBindAddress(bind);
  if (!parsed) {
    return parsed.error();
  }
  if (parsed->kind == BindKind::kFd) {
    return Error{
        fmt::format("cannot listen at {}: a descriptor is taken over only when the server "
                    "starts; restart it",
                    bind)};
  }
  return parsed->kind == BindKind::kUnix ? SocketAddress::Unix(parsed->path)
                                         : SocketAddress::Ip(parsed->host, parsed->port);
}

Error BindError(const SocketAddress& address, int errno_value) {
  const std::string name = address.ToString();
  if (errno_value == EADDRINUSE) {
    return Error{
        fmt::format("cannot listen at {}: the address is in use; stop the other server or "
                    "choose another one with bind",
                    name)};
  }
  if (errno_value == ENOTSOCK) {
    return Error{fmt::format("cannot listen at {}: the file exists and is not a socket", name)};
  }
  if (errno_value == EACCES && address.family() != AF_UNIX && address.port() < 1024) {
    return Error{
        fmt::format("cannot listen at {}: ports below 1024 are for root or CAP_NET_BIND_SERVICE; "
                    "start as root with server.user, let systemd hold the port (sqlicorn.socket), "
                    "or choose a port from 1024 on",
                    name)};
  }
  return Error{fmt::format("cannot listen at {}: {}", name, PlaceErrorText(errno_value))};
}

// What may be gone in a moment: the server before us, a network that is not up yet. "" for others.
std::string PassingObstacle(const std::string& name, int errno_value) {
  switch (errno_value) {
    case EADDRINUSE:
      return "Connection in use: " + name;
    case EADDRNOTAVAIL:
      return "Invalid address: " + name;
    default:
      return "";
  }
}

// While it lives these sockets may overlap: all of them must say so when one is bound and when it
// begins to listen, and none of them afterwards.
class PortSharing {
 public:
  explicit PortSharing(const std::vector<int>& fds) {
    for (const int fd : fds) {
      int before = 0;
      socklen_t length = sizeof(before);
      getsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &before, &length);
      Set(fd, 1);
      before_.emplace_back(fd, before);
    }
  }

  ~PortSharing() {
    for (const auto& [fd, before] : before_) {
      Set(fd, before);
    }
  }

  PortSharing(const PortSharing&) = delete;
  PortSharing& operator=(const PortSharing&) = delete;

 private:
  static void Set(int fd, int value) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &value, sizeof(value));
  }

  std::vector<std::pair<int, int>> before_;
};

std::string NameOf(const SocketAddress& address) {
  return (address.family() == AF_UNIX ? "" : "http://") + address.ToString();
}

}  // namespace

Result<Listeners> Listeners::Bind(const ServerSettings& settings, const FileOwner& owner,
                                  const BindRetry& retry) {
  return Rebind(settings, owner, Listeners(), retry);
}

Result<Listeners> Listeners::Rebind(const ServerSettings& settings, const FileOwner& owner,
                                    const Listeners& former, const BindRetry& retry) {
  Listeners bound;
  for (const std::string& text : settings.bind) {
    const auto address = ToSocketAddress(text);
    if (!address) {
      return address.error();
    }
    auto kept = former.Find(*address);
    if (kept && std::count(bound.sockets_.begin(), bound.sockets_.end(), kept) == 0) {
      bound.sockets_.push_back(std::move(kept));
      continue;
    }
    auto opened = OpenPatiently(*address, {settings, owner, former.Overlapping(*address)}, retry);
    if (!opened) {
      return opened.error();
    }
    bound.sockets_.push_back(*std::move(opened));
  }
  return bound;
}

Listeners Listeners::Adopt(const Inheritance& inheritance) {
  Listeners adopted;
  adopted.from_outside_ = inheritance.from == Inheritance::From::kOutside;
  for (const int fd : inheritance.listeners) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    const SocketAddress local = SocketAddress::LocalOf(fd);
    const std::string path = adopted.from_outside_ ? "" : local.unix_path();
    adopted.sockets_.push_back(
        std::make_shared<Socket>(Socket{local, UniqueFd(fd), SocketFile(path)}));
  }
  return adopted;
}

int Listeners::Open(Socket& socket, const Manner& manner) {
  const ServerSettings& settings = manner.settings;
  const SocketAddress& address = socket.address;
  const bool is_unix = address.family() == AF_UNIX;
  socket.fd = UniqueFd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int fd = socket.fd.get();
  if (fd < 0) {
    return errno;
  }
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (!is_unix) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  if (!is_unix && settings.reuse_port) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
  }
  std::vector<int> sharing = manner.beside;
  if (!sharing.empty()) {
    sharing.push_back(fd);
  }
  const PortSharing shared(sharing);
  if (is_unix) {
    if (const int error = BindSocketFile(fd, address, {0777 & ~settings.umask.bits, manner.owner});
        error != 0) {
      return error;
    }
    socket.file = SocketFile(address.unix_path());
  } else if (bind(fd, address.raw(), address.length()) != 0) {
    return errno;
  }
  if (listen(fd, static_cast<int>(settings.backlog)) != 0) {
    return errno;
  }
  socket.address = SocketAddress::LocalOf(fd);
  return 0;
}

Result<std::shared_ptr<Listeners::Socket>> Listeners::OpenPatiently(const SocketAddress& address,
                                                                    const Manner& manner,
                                                                    const BindRetry& retry) {
  while (true) {
    auto socket = std::make_shared<Socket>(Socket{address, UniqueFd()});
    const int error = Open(*socket, manner);
    if (error == 0) {
      return socket;
    }
    const std::string obstacle = PassingObstacle(address.ToString(), error);
    if (obstacle.empty() || !retry || !retry(obstacle)) {
      return BindError(address, error);
    }
  }
}

std::shared_ptr<Listeners::Socket> Listeners::Find(const SocketAddress& address) const {
  const auto matches = [&](const SocketAddress& local) {
    return address.family() != AF_UNIX && address.port() == 0
               ? local.family() == address.family() && local.host() == address.host()
               : local.ToString() == address.ToString();
  };
  const auto found = std::find_if(sockets_.begin(), sockets_.end(),
                                  [&](const auto& socket) { return matches(socket->address); });
  return found == sockets_.end() ? nullptr : *found;
}

std::vector<int> Listeners::Overlapping(const SocketAddress& address) const {
  std::vector<int> fds;
  for (const auto& socket : sockets_) {
    if (address.family() != AF_UNIX && Overlap(socket->address, address)) {
      fds.push_back(socket->fd.get());
    }
  }
  return fds;
}

std::vector<int> Listeners::fds() const {
  std::vector<int> fds;
  for (const auto& socket : sockets_) {
    fds.push_back(socket->fd.get());
  }
  return fds;
}

std::string Listeners::ToString() const {
  std::vector<std::string> names;
  for (const auto& socket : sockets_) {
    names.push_back(NameOf(socket->address));
  }
  return fmt::format("{}", fmt::join(names, ","));
}

void Listeners::SetBacklog(std::int64_t backlog) {
  for (const auto& socket : sockets_) {
    if (!from_outside_) {
      listen(socket->fd.get(), static_cast<int>(backlog));
    }
  }
}

void Listeners::Close(SocketFiles files) {
  for (const auto& socket : sockets_) {
    if (files == SocketFiles::kKeep && socket.use_count() == 1) {
      socket->file.Disown();
    }
  }
  sockets_.clear();
}

}  // namespace sqlicorn
