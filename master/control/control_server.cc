// SPDX-License-Identifier: MIT
#include "master/control/control_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "master/sockets/socket_file.h"

namespace sqlicorn {
namespace {

bool IsTemporary(int errno_value) {
  return errno_value == EAGAIN || errno_value == EINTR;
}

constexpr Duration kAcceptPause = std::chrono::seconds(1);

// What fits into an empty socket buffer for certain is sent before the connection is closed.
void Refuse(int socket, const std::string& why) {
  const std::string reply = EncodeControlReply("null", Error{why});
  [[maybe_unused]] const ssize_t ignored =
      send(socket, reply.data(), reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

void ControlSession::AddTo(EventWait& wait) const {
  if (output_.empty()) {
    wait.ForInput(socket_.get());
  } else {
    wait.ForOutput(socket_.get());
  }
}

TimePoint ControlSession::next_deadline() const {
  const bool has_work = output_.empty() && input_.state() != FrameReader::State::kIncomplete;
  return has_work ? active_at_ : expires_at();
}

void ControlSession::Serve(TimePoint now, const ControlAnswer& answer) {
  if (output_.empty() && input_.state() == FrameReader::State::kIncomplete) {
    Read(now);
  }
  if (!finished_ && output_.empty()) {
    AnswerOne(answer);
  }
  if (!finished_ && !output_.empty()) {
    Write(now);
  }
  finished_ = finished_ || now >= expires_at();
}

void ControlSession::Read(TimePoint now) {
  std::array<char, 16384> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const ssize_t got = recv(socket_.get(), chunk.data(), chunk.size(), 0);
  if (got > 0) {
    input_.Feed({chunk.data(), static_cast<std::size_t>(got)});
    active_at_ = now;
  } else {
    finished_ = got == 0 || !IsTemporary(errno);
  }
}

void ControlSession::AnswerOne(const ControlAnswer& answer) {
  switch (input_.state()) {
    case FrameReader::State::kIncomplete:
      break;
    case FrameReader::State::kComplete:
      output_ = answer(input_.Take());
      break;
    case FrameReader::State::kTooLong:
      output_ = EncodeControlReply(
          "null", Error{fmt::format("Invalid request: longer than {} bytes", kMaxControlRequest)});
      last_reply_ = true;
      break;
  }
}

void ControlSession::Write(TimePoint now) {
  const ssize_t sent = send(socket_.get(), output_.data(), output_.size(), MSG_NOSIGNAL);
  if (sent > 0) {
    output_.erase(0, static_cast<std::size_t>(sent));
    active_at_ = now;
    finished_ = output_.empty() && last_reply_;
  } else {
    finished_ = !IsTemporary(errno);
  }
}

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
