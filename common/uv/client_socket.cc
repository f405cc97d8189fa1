// SPDX-License-Identifier: MIT
#include "common/uv/client_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <uv.h>

#include "common/uv/receive_lag.h"

namespace sqlicorn {
namespace {

int TakeSocketError(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

// What the loop reports as it does all else: a refusal by this machine, and whatever a unix socket
// says, which is said at once.
bool IsToldLater(int error, const SocketAddress& address) {
  return error == EINPROGRESS || error == ECONNREFUSED || address.family() == AF_UNIX;
}

}  // namespace

ClientSocket::ClientSocket(Loop& loop, UniqueFd fd, StreamListener* listener)
    : loop_(loop),
      fd_(std::move(fd)),
      poll_(MakeHandle<uv_poll_t>(
          this, [&](uv_poll_t* poll) { CHECK(uv_poll_init(loop.raw(), poll, fd_.get()) == 0); })),
      listener_(listener) {}

ClientSocket::~ClientSocket() = default;

Result<std::unique_ptr<ClientSocket>> ClientSocket::Connect(Loop& loop,
                                                            const SocketAddress& address,
                                                            StreamListener* listener) {
  UniqueFd fd(socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) {
    return SystemError("socket", errno);
  }
  const int now = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &now, sizeof(now));  // a unix socket has none
  const int error = connect(fd.get(), address.raw(), address.length()) == 0 ? 0 : errno;
  if (error != 0 && !IsToldLater(error, address)) {
    return SystemError("connect", error);
  }
  std::unique_ptr<ClientSocket> made(new ClientSocket(loop, std::move(fd), listener));
  made->connect_error_ = error == EINPROGRESS ? 0 : error;
  made->Watch();
  return made;
}

void ClientSocket::StartReading() {
  CHECK(state_ == State::kOpen);
  Watch();
}

// libuv stops watching a socket that has an error, and does not say which: reading tells.
void ClientSocket::Watch() {
  const bool writes = state_ == State::kConnecting || unsent_ != nullptr;
  const int events = (state_ == State::kOpen ? UV_READABLE : 0) | (writes ? UV_WRITABLE : 0);
  uv_poll_start(poll_.get(), events, [](uv_poll_t* poll, int status, int ready) noexcept {
    auto* self = static_cast<ClientSocket*>(poll->data);
    if (status < 0) {
      self->Watch();
    }
    if (self->state_ == State::kConnecting) {
      self->FinishConnecting();
      return;
    }
    if (status < 0 || (ready & UV_READABLE) != 0) {
      self->Read();
      self = static_cast<ClientSocket*>(poll->data);  // it may be gone
    }
    if (self != nullptr && (ready & UV_WRITABLE) != 0 && self->unsent_ != nullptr) {
      self->Flush();
    }
  });
}

void ClientSocket::FinishConnecting() {
  const int error = connect_error_ != 0 ? connect_error_ : TakeSocketError(fd_.get());
  uv_poll_stop(poll_.get());
  state_ = error == 0 ? State::kOpen : State::kEnded;
  listener_->OnConnected(error);
}

void ClientSocket::Read() {
  std::vector<char>& buffer = loop_.read_buffer();
  const bool looks = std::exchange(is_looked_at_, false);
  const ssize_t count = looks ? lag_->Receive(fd_.get(), buffer.data(), buffer.size())
                              : recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (count > 0) {
    listener_->OnData({buffer.data(), static_cast<std::size_t>(count)});
  } else if (count == 0) {
    End(0);
  } else if (errno != EAGAIN && errno != EINTR) {
    End(errno);
  }
}

void ClientSocket::Write(std::string_view request) {
  if (write_failed_ || state_ != State::kOpen) {
    return;
  }
  if (unsent_ != nullptr) {
    unsent_->append(request);
    return;
  }
  if (lag_ != nullptr && lag_->Draws()) {
    lag_->Begin(fd_.get());
    is_looked_at_ = true;
  }
  const std::size_t sent = Send(request);
  if (sent < request.size() && !write_failed_) {
    unsent_ = std::make_unique<std::string>(request.substr(sent));
    Watch();
  }
}

std::size_t ClientSocket::Send(std::string_view octets) {
  const ssize_t sent = send(fd_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
  write_failed_ = sent < 0 && errno != EAGAIN && errno != EINTR;
  return static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
}

void ClientSocket::Flush() {
  unsent_->erase(0, Send(*unsent_));
  if (write_failed_) {
    End(errno);
  } else if (unsent_->empty()) {
    unsent_.reset();
    Watch();
  }
}

void ClientSocket::End(int errno_value) {
  uv_poll_stop(poll_.get());
  state_ = State::kEnded;
  listener_->OnReadEnd(errno_value);
}

bool ClientSocket::HasUnread() const {
  int octets = 0;
  return ioctl(fd_.get(), FIONREAD, &octets) == 0 && octets > 0;
}

// Linux: a reset after the peer's FIN (in CLOSE_WAIT) is EPIPE, any other ECONNRESET.
bool ClientSocket::WasClosedBefore() const {
  return TakeSocketError(fd_.get()) == EPIPE;
}

bool ClientSocket::IsSilent() const {
  char octet = 0;
  return recv(fd_.get(), &octet, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace sqlicorn
