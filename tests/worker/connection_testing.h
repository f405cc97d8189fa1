// SPDX-License-Identifier: MIT
#pragma once

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "tests/worker/worker_testing.h"
#include "worker/http/connection_set.h"
#include "worker/http/http_connection.h"

namespace sqlicorn {

// Turns the loop until `done`, or fails the test.
inline void RunUntil(Loop& loop, const std::function<bool()>& done) {
  const TimePoint deadline = Clock::now() + kPatience;
  Timer timer(loop, [&] {
    if (done() || Clock::now() > deadline) {
      loop.Stop();
    }
  });
  timer.Start(Duration::zero(), milliseconds(1));
  loop.Run();
  EXPECT_TRUE(done());
}

inline UniqueFd Listen() {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const SocketAddress any = SocketAddress::Ip("127.0.0.1", 0).value();
  EXPECT_EQ(bind(fd.get(), any.raw(), any.length()), 0);
  EXPECT_EQ(listen(fd.get(), 64), 0);
  return fd;
}

// Small buffers on both sides, so that a client that does not read is noticed early.
inline void ShrinkBuffers(int fd) {
  const int bytes = 16384;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

inline UniqueFd ConnectTo(int listener) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ShrinkBuffers(fd.get());
  const SocketAddress address = SocketAddress::LocalOf(listener);
  EXPECT_EQ(connect(fd.get(), address.raw(), address.length()), 0);
  fcntl(fd.get(), F_SETFL, O_NONBLOCK);
  return fd;
}

// The other end of a connection: sends and receives without ever waiting.
class TestClient {
 public:
  explicit TestClient(int listener) : fd_(ConnectTo(listener)) {}

  // What the kernel takes now; the number of octets.
  std::size_t Send(std::string_view text) {
    const ssize_t sent = send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }

  void HalfClose() { shutdown(fd_.get(), SHUT_WR); }

  void Reset() {
    const linger now{1, 0};
    setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    fd_.Reset();
  }

  // Everything received so far; takes what has arrived, at most `limit` more octets.
  const std::string& Received(std::size_t limit = SIZE_MAX) {
    std::array<char, 65536> buffer{};
    while (limit > 0 && !ended_) {
      const ssize_t got = recv(fd_.get(), buffer.data(), std::min(limit, buffer.size()), 0);
      if (got < 0 && errno == EAGAIN) {
        break;
      }
      ended_ = got <= 0;
      reset_ = got < 0;
      if (got > 0) {
        received_.append(buffer.data(), static_cast<std::size_t>(got));
        limit -= static_cast<std::size_t>(got);
      }
    }
    return received_;
  }

  // Takes what has arrived.
  bool Ended() {
    Received();
    return ended_;
  }

  [[nodiscard]] bool WasReset() const { return reset_; }

 private:
  UniqueFd fd_;
  std::string received_;
  bool ended_ = false;
  bool reset_ = false;
};

// The connections of a worker on a loop, without the worker.
class ConnectionTest : public testing::Test {
 protected:
  explicit ConnectionTest(Scheduler* scheduler = nullptr)
      : app_(AppText(), "CREATE TABLE t (v TEXT)", scheduler) {}

  // /echo/?v=… returns its v, /long/ a row of ten million digits, /write/?v=… writes.
  static std::string AppText() {
    return R"toml(
[statements]
echo = "SELECT :v AS v"
long = "SELECT hex(zeroblob(5000000)) AS v"
pad = "SELECT :v AS v, hex(zeroblob(4000)) AS pad"
write = "INSERT INTO t VALUES (:v)"
[params.p]
v = { type = "text", default = "" }
[[endpoint]]
path = "/echo/"
methods = ["GET", "POST"]
params = "p"
transaction = "none"
steps = ["echo"]
respond = "rows"
[[endpoint]]
path = "/pad/"
methods = ["GET"]
params = "p"
transaction = "none"
steps = ["pad"]
respond = "rows"
[[endpoint]]
path = "/long/"
methods = ["GET"]
transaction = "none"
steps = ["long"]
respond = "rows"
[[endpoint]]
path = "/write/"
methods = ["GET"]
params = "p"
transaction = "none"
steps = ["write"]
)toml";
  }

  TestClient Connect() {
    TestClient client(listener_.get());
    UniqueFd socket(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    EXPECT_TRUE(socket);
    ShrinkBuffers(socket.get());
    connections_.Add(std::make_unique<HttpConnection>(services_, std::move(socket)));
    return client;
  }

  void RunUntil(const std::function<bool()>& done) { sqlicorn::RunUntil(loop_, done); }

  void RunUntilReceived(TestClient& client, std::string_view text) {
    RunUntil([&] { return client.Received().find(text) != std::string::npos; });
  }

  // The loop has done all there is to do at once.
  void Settle() {
    int rounds = 0;
    RunUntil([&] { return ++rounds > 20; });
  }

  void SweepAfter(Duration wait) {
    connections_.Sweep(loop_.now() + wait);
    connections_.DestroyRetired();
  }

  TestApp app_;
  Loop loop_;
  UniqueFd listener_ = Listen();
  AccessLog access_log_ = AccessLog::Open({}).value();
  DateCache dates_;
  ConnectionSet connections_{app_.slot};
  ConnectionServices services_{loop_,      app_.config.server, app_.slot,
                               UINT64_MAX, *app_.dispatcher,   access_log_,
                               dates_,     connections_};
  RoundHook round_end_{loop_, [this] {
                         connections_.DestroyRetired();
                         services_.slices.BeginRound();
                       }};
};

inline std::size_t Count(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size())) {
    ++count;
  }
  return count;
}

}  // namespace sqlicorn
