// SPDX-License-Identifier: MIT
#include "loadgen/serve/small_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kMostClients = 64;
constexpr std::size_t kMostUnsentBytes = 1U << 20U;

// What the page may do is in it; nothing comes from anywhere else.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'";

std::string_view ReasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    default:
      return "Bad Request";
  }
}

std::string HeadOf(const SmallAnswer& answer) {
  const bool ends = answer.then == SmallAnswer::Then::kKeep;
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\n{}Cache-Control: no-store\r\n"
      "Content-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\n\r\n",
      answer.status, ReasonOf(answer.status), answer.content_type,
      ends ? fmt::format("Content-Length: {}\r\n", answer.body.size()) : "Connection: close\r\n",
      kPolicy);
}

}  // namespace

Result<UniqueFd> ListenAt(const SocketAddress& address) {
  UniqueFd fd(socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int yes = 1;
  if (!fd || setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
      bind(fd.get(), address.raw(), address.length()) != 0 || listen(fd.get(), SOMAXCONN) != 0) {
    return SystemError(fmt::format("cannot listen at {}", address.ToString()), errno);
  }
  return fd;
}

// One connection. It may be gone when Drop has returned.
class SmallServer::Client final : private StreamListener {
 public:
  Client(SmallServer& server, UniqueFd fd)
      : server_(server), stream_(Stream::Adopt(server.loop_, std::move(fd), this)) {
    stream_->StartReading();
  }

  [[nodiscard]] bool streams() const { return streams_; }

  // False when it has fallen too far behind.
  [[nodiscard]] bool Send(std::string_view octets) {
    stream_->Write(octets);
    return stream_->queued_bytes() <= kMostUnsentBytes;
  }

 private:
  void OnData(std::string_view data) override {
    while (!data.empty() && !streams_) {
      std::size_t consumed = 0;
      const Feed feed = parser_.Execute(data, &consumed);
      data.remove_prefix(consumed);
      if (feed == Feed::kNeedMore) {
        return;
      }
      if (feed == Feed::kError) {
        server_.Drop(this);
        return;
      }
      const bool keep = Answer(parser_.message());
      parser_.Next();
      if (!keep) {
        stream_->ShutdownWrite();
        return;
      }
    }
  }

  // Whether the connection goes on.
  bool Answer(const Message& request) {
    SmallAnswer answer = server_.handler_(request);
    streams_ = answer.then == SmallAnswer::Then::kStream;
    const std::string head = HeadOf(answer);
    if (request.method() == "HEAD") {
      answer.body.clear();
    }
    stream_->Write(head, std::move(answer.body));
    return streams_ || request.keep_alive();
  }

  void OnReadEnd(int) override { server_.Drop(this); }

  SmallServer& server_;
  RequestParser parser_{ParserLimits()};
  std::unique_ptr<Stream> stream_;
  bool streams_ = false;
};

SmallServer::SmallServer(Loop& loop, UniqueFd listener, Handler handler)
    : loop_(loop),
      listener_(std::move(listener)),
      handler_(std::move(handler)),
      watcher_(loop, listener_.get(), [this] { Accept(); }) {
  watcher_.Start();
}

SmallServer::~SmallServer() = default;

void SmallServer::Accept() {
  UniqueFd fd(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd && clients_.size() < kMostClients) {
    clients_.push_back(std::make_unique<Client>(*this, std::move(fd)));
  }
}

void SmallServer::Drop(const Client* client) {
  clients_.remove_if([client](const auto& one) { return one.get() == client; });
}

void SmallServer::Publish(std::string_view octets) {
  clients_.remove_if(
      [octets](const auto& client) { return client->streams() && !client->Send(octets); });
}

std::size_t SmallServer::listeners() const {
  return static_cast<std::size_t>(std::count_if(
      clients_.begin(), clients_.end(), [](const auto& client) { return client->streams(); }));
}

}  // namespace sqlicorn::loadgen
