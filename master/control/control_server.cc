// SPDX-License-Identifier: MIT
#include "master/control/control_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "master/sockets/socket_file.h"

namespace sqlicorn {
namespace {

constexpr Duration kAcceptPause = std::chrono::seconds(1);

// What fits into an empty socket buffer for certain is sent before the connection is closed.
void Refuse(int socket, const std::string& why) {
  const std::string reply = EncodeControlReply("null", Error{why});
  [[maybe_unused]] const ssize_t ignored =
      send(socket, reply.data(), reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

std::string ControlSocketPath(const std::string& setting, const char* runtime_directory) {
  const std::string_view directories = runtime_directory == nullptr ? "" : runtime_directory;
  const std::string first(directories.substr(0, directories.find(':')));
  return first.empty() ? setting : ResolvePath(first, setting);
}

Result<ControlServer> ControlServer::Listen(const ServerSettings& settings,
                                            const std::string& suffix) {
  const std::string& path = settings.control_socket;
  auto listener = UnixListener::Listen(path + suffix, {settings.control_socket_mode.bits});
  if (!listener) {
    return listener.error().In("server.control_socket");
  }
  return ControlServer(*std::move(listener), path);
}

Status ControlServer::Promote() {
  return listener_.path() == final_path_ ? Status() : listener_.Rename(final_path_);
}

void ControlServer::RemoveStale(const std::string& suffix) const {
  if (const auto address = SocketAddress::Unix(final_path_ + suffix)) {
    RemoveStaleSocket(*address);
  }
}

void ControlServer::AddTo(EventWait& wait, TimePoint now) const {
  if (now >= next_accept_) {
    wait.ForInput(listener_.fd());
  }
  for (const ControlSession& session : sessions_) {
    session.AddTo(wait);
  }
}

void ControlServer::Serve(TimePoint now, const ControlAnswer& answer) {
  Accept(now);
  for (ControlSession& session : sessions_) {
    session.Serve(now, answer);
  }
  std::erase_if(sessions_, [](const ControlSession& session) { return session.finished(); });
}

void ControlServer::Accept(TimePoint now) {
  for (std::size_t i = 0; i < kMaxClients; ++i) {
    UniqueFd socket(accept4(listener_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
      // A connection that cannot be taken would end every sleep of the master.
      next_accept_ = errno == EAGAIN ? TimePoint{} : now + kAcceptPause;
      return;
    }
    if (sessions_.size() < kMaxClients) {
      sessions_.emplace_back(std::move(socket), now);
    } else {
      Refuse(socket.get(), "too many clients of the control socket");
    }
  }
}

TimePoint ControlServer::next_deadline() const {
  TimePoint next = next_accept_ != TimePoint{} ? next_accept_ : TimePoint::max();
  for (const ControlSession& session : sessions_) {
    next = std::min(next, session.next_deadline());
  }
  return next;
}

void ControlServer::LeaveInChild() {
  listener_.LeaveInChild();
  sessions_.clear();
}

}  // namespace sqlicorn
