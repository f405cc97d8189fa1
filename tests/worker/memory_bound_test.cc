// SPDX-License-Identifier: MIT
// What all connections of a worker hold together.
#include <deque>

#include <gtest/gtest.h>

#include "tests/worker/connection_testing.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kMiB = 1U << 20U;

class MemoryBound : public ConnectionTest {
 protected:
  MemoryBound() { app_.config.server.limit_worker_buffers = 4 * kMiB; }

  // All of the request but its last octet.
  void SendMost(TestClient& client, std::string_view text) {
    std::size_t sent = 0;
    RunUntil([&] {
      sent += client.Send(text.substr(sent, text.size() - 1 - sent));
      return sent == text.size() - 1 || client.Ended();
    });
    Settle();
  }

  static std::string LargePost() {
    return RequestText("POST /echo/", "Content-Type: application/x-www-form-urlencoded\r\n",
                       "v=" + std::string(1000000, 'x'));
  }
};

TEST_F(MemoryBound, EndsTheNewestBodiesAndKeepsTheOldest) {
  std::deque<TestClient> clients;
  for (int i = 0; i < 8; ++i) {
    SendMost(clients.emplace_back(Connect()), LargePost());
  }
  EXPECT_LE(services_.held_bytes, 4 * kMiB);
  EXPECT_NE(clients.back().Received().find("HTTP/1.1 503 "), std::string::npos);
  EXPECT_NE(clients.back().Received().find("Retry-After: 1\r\n"), std::string::npos);
  TestClient small = Connect();
  small.Send(RequestText("GET /echo/?v=small"));
  RunUntilReceived(small, "small");
  clients.front().Send("x");
  RunUntilReceived(clients.front(), "200 OK");
}

TEST_F(MemoryBound, AllowsOneRequestAloneWhatItsOwnLimitAllows) {
  app_.config.server.limit_worker_buffers = 1000;
  TestClient client = Connect();
  SendMost(client, LargePost());
  client.Send("x");
  RunUntilReceived(client, "200 OK");
}

TEST_F(MemoryBound, ServesNobodyElseWhileUnsentAnswersFillIt) {
  TestClient lazy = Connect();
  lazy.Send(RequestText("GET /long/"));
  Settle();
  TestClient other = Connect();
  other.Send(RequestText("GET /echo/?v=x"));
  RunUntilReceived(other, "HTTP/1.1 503 ");
  RunUntilReceived(lazy, "\"}]");
  Settle();
  TestClient next = Connect();
  next.Send(RequestText("GET /echo/?v=x"));
  RunUntilReceived(next, "200 OK");
}

TEST_F(MemoryBound, KeepsLittleForAClientThatHasBeenIdleForAMoment) {
  TestClient client = Connect();
  client.Send(RequestText("GET /pad/?v=first"));
  RunUntilReceived(client, "first");
  Settle();
  EXPECT_GT(services_.held_bytes, 8000U);
  SweepAfter(milliseconds(900));
  EXPECT_GT(services_.held_bytes, 8000U) << "its next request may come";
  SweepAfter(milliseconds(1500));
  EXPECT_LT(services_.held_bytes, 1000U);
  client.Send(RequestText("GET /pad/?v=second"));
  RunUntilReceived(client, "second");
}

TEST_F(MemoryBound, CountsAnUnsentAnswerOnceUntilItHasGone) {
  constexpr std::size_t kLong = 10'000'000;
  TestClient lazy = Connect();
  lazy.Send(RequestText("GET /long/"));
  Settle();
  EXPECT_GT(services_.held_bytes, kLong);
  EXPECT_LT(services_.held_bytes, kLong + kMiB);
  RunUntilReceived(lazy, "\"}]");
  Settle();
  EXPECT_LT(services_.held_bytes, kMiB);
}

TEST_F(MemoryBound, IsNotUsedUpByRequestsThatItHasRefused) {
  TestClient lazy = Connect();
  lazy.Send(RequestText("GET /long/"));
  Settle();
  const std::size_t before = services_.held_bytes;
  TestClient other = Connect();
  SendMost(other, LargePost());
  EXPECT_GT(services_.held_bytes, before + kMiB / 2);
  other.Send("x");
  RunUntilReceived(other, "HTTP/1.1 503 ");
  Settle();
  EXPECT_EQ(connections_.size(), 2U) << "it lingers";
  EXPECT_LT(services_.held_bytes, before + kMiB / 2);
}

TEST_F(MemoryBound, IsNoneWhenZero) {
  app_.config.server.limit_worker_buffers = 0;
  TestClient lazy = Connect();
  lazy.Send(RequestText("GET /long/"));
  Settle();
  TestClient other = Connect();
  other.Send(RequestText("GET /echo/?v=x"));
  RunUntilReceived(other, "200 OK");
}

TEST_F(MemoryBound, IsNotUsedUpByConnectionsThatHaveEnded) {
  for (int i = 0; i < 20; ++i) {
    TestClient client = Connect();
    SendMost(client, LargePost());
    client.Reset();
    RunUntil([this] { return connections_.size() == 0; });
  }
  EXPECT_EQ(services_.held_bytes, 0U);
}

TEST_F(MemoryBound, ABodyThatDripsIsEnded) {
  app_.config.server.body_timeout = 0.5;
  app_.config.server.body_min_rate = 100000;
  TestClient client = Connect();
  client.Send("POST /echo/ HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  RunUntil([&] {
    client.Send("x");
    SweepAfter(Duration::zero());
    return client.Ended();
  });
  EXPECT_NE(client.Received().find("HTTP/1.1 408 "), std::string::npos);
}

}  // namespace
}  // namespace sqlicorn
