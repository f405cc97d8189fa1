// SPDX-License-Identifier: MIT
#include "tests/support/scripted_server.h"

#include <sys/socket.h>

#include <array>
#include <utility>

#include "common/base/result.h"
#include "common/base/socket_address.h"

namespace sqlicorn::testing {
namespace {

UniqueFd ListenOnFreePort(const std::string& host) {
  const SocketAddress address = SocketAddress::Ip(host, 0).value();
  UniqueFd fd(socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  CHECK(bind(fd.get(), address.raw(), address.length()) == 0);
  CHECK(listen(fd.get(), 128) == 0);
  return fd;
}

std::size_t ContentLength(const std::string& head) {
  const std::string name = "Content-Length: ";
  const std::size_t at = head.find(name);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
}

// The octets of the first whole request, 0 when there is none yet.
std::size_t RequestSize(const std::string& received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string::npos) {
    return 0;
  }
  const std::size_t size = end + 4 + ContentLength(received.substr(0, end));
  return received.size() < size ? 0 : size;
}

// Makes close() send RST instead of FIN.
void ResetOnClose(int fd) {
  const linger now{1, 0};
  CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
}

// Test answers are small enough for the kernel to take at once.
void Send(int fd, const std::string& bytes) {
  const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  CHECK(sent == static_cast<ssize_t>(bytes.size()));
}

}  // namespace

Reply Ok() {
  return {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", Reply::Then::kKeep};
}

Reply Status(const std::string& status_line) {
  return {status_line + "\r\nContent-Length: 0\r\n\r\n", Reply::Then::kKeep};
}

ScriptedServer::ScriptedServer(Loop& loop, Script script, const std::string& host)
    : loop_(loop),
      script_(std::move(script)),
      listener_(ListenOnFreePort(host)),
      port_(SocketAddress::LocalOf(listener_.get()).port()),
      watcher_(std::make_unique<PollWatcher>(loop, listener_.get(), [this] { Accept(); })) {
  watcher_->Start();
}

std::string ScriptedServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

void ScriptedServer::ResetConnections() {
  for (const Peer& peer : peers_) {
    ResetOnClose(peer.fd.get());
  }
  peers_.clear();
}

void ScriptedServer::SendToAll(const std::string& bytes) {
  for (const Peer& peer : peers_) {
    Send(peer.fd.get(), bytes);
  }
}

void ScriptedServer::Accept() {
  UniqueFd fd(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd) {
    return;
  }
  ++connections_;
  peers_.push_back({std::move(fd), "", nullptr});
  const auto peer = std::prev(peers_.end());
  peer->watcher =
      std::make_unique<PollWatcher>(loop_, peer->fd.get(), [this, peer] { Read(peer); });
  peer->watcher->Start();
}

void ScriptedServer::Read(PeerList::iterator peer) {
  std::array<char, 65536> buffer{};
  const ssize_t size = recv(peer->fd.get(), buffer.data(), buffer.size(), 0);
  if (size <= 0) {
    peers_.erase(peer);
    return;
  }
  peer->received.append(buffer.data(), static_cast<std::size_t>(size));
  while (RequestSize(peer->received) > 0 && AnswerOne(peer)) {
  }
}

bool ScriptedServer::AnswerOne(PeerList::iterator peer) {
  const std::size_t size = RequestSize(peer->received);
  requests_.push_back(peer->received.substr(0, size));
  peer->received.erase(0, size);
  const Reply reply = script_(requests_.back(), requests_.size() - 1);
  Send(peer->fd.get(), reply.bytes);
  if (reply.then == Reply::Then::kKeep) {
    return true;
  }
  if (reply.then == Reply::Then::kReset) {
    ResetOnClose(peer->fd.get());
  }
  peers_.erase(peer);
  return false;
}

std::uint16_t UnusedPort() {
  const UniqueFd fd = ListenOnFreePort("127.0.0.1");
  return SocketAddress::LocalOf(fd.get()).port();
}

}  // namespace sqlicorn::testing
