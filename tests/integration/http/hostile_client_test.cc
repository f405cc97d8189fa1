// SPDX-License-Identifier: MIT
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMiB = 1U << 20U;

// One worker, and a look whether it is still the same one and answers.
class HostileClient : public testing::Test {
 protected:
  ServerProcess& Start(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.end(), {"-w", "1"});
    ServerProcess& server = site_.Start(arguments, 1);
    worker_ = server.workers().front();
    EXPECT_TRUE(WaitFor([this] { return Connections() == 0; }));
    return server;
  }

  void TearDown() override {
    EXPECT_EQ(site_.server().workers(), std::vector<pid_t>{worker_});
    EXPECT_EQ(RawClient(site_.server().port()).Ask(Get("/count/")).status, 200);
  }

  // Of the worker, whose only other socket is the one that listens.
  [[nodiscard]] std::size_t Connections() const { return CountSockets(worker_) - 1; }

  Site site_;
  pid_t worker_ = 0;
};

TEST_F(HostileClient, ThatNeverReadsCostsBoundedMemory) {
  ServerProcess& server = Start();
  const std::size_t before = ResidentBytes(worker_);
  RawClient client(server.port(), milliseconds(300));
  std::string requests;
  for (int i = 0; i < 2000; ++i) {
    requests += Get("/big/?bytes=100000");
  }
  for (int i = 0; i < 50 && client.Send(requests); ++i) {
  }
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
  EXPECT_LT(ResidentBytes(worker_), before + 16 * kMiB);
}

TEST_F(HostileClient, WithManyUnfinishedBodiesCostsBoundedMemory) {
  ServerProcess& server = Start({"--set", "server.limit_worker_buffers=33554432"});
  const std::size_t before = ResidentBytes(worker_);
  const std::string request = PostForm("/add/", "name=" + std::string(kMiB - 100, 'x'));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->Send(request.substr(0, request.size() - 1));
  }
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
  EXPECT_LT(ResidentBytes(worker_), before + 64 * kMiB);
  EXPECT_EQ(clients.front()->Ask("x").status, 200) << "the oldest is not the one that must go";
}

TEST_F(HostileClient, ThatNeverReadsIsClosedAfterBodyTimeout) {
  ServerProcess& server = Start({"--set", "server.body_timeout=0.5"});
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(Get("/big/?bytes=20000000")));
  ASSERT_TRUE(WaitFor([&] { return Connections() == 1; }));
  EXPECT_TRUE(WaitFor([&] { return Connections() == 0; }));
}

TEST_F(HostileClient, ThatReadsSlowlyGetsAllOfIt) {
  ServerProcess& server = Start({"--set", "server.body_timeout=5"});
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(Get("/big/?bytes=20000000") + Get("/count/")));
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_EQ(client.ReadAnswer().body.size(), 20000014U);
  EXPECT_EQ(client.ReadAnswer().status, 200);
}

TEST_F(HostileClient, WithHalfAHeadGetsATimeout) {
  ServerProcess& server = Start({"--set", "server.header_timeout=0.5"});
  RawClient client(server.port());
  ASSERT_TRUE(client.Send("GET /count/ HTTP/1.1\r\nHost:"));
  EXPECT_EQ(client.ReadAnswer().status, 408);
  client.ReadToEnd();
  EXPECT_TRUE(client.closed());
}

TEST_F(HostileClient, WithAHeadThatNeverEndsGetsATimeout) {
  ServerProcess& server = Start({"--set", "server.header_timeout=0.5"});
  RawClient client(server.port(), milliseconds(50));
  ASSERT_TRUE(client.Send("GET /count/ HTTP/1.1\r\nX: "));
  HttpAnswer answer;
  EXPECT_TRUE(WaitFor(
      [&] {
        client.Send("x");
        answer = client.ReadAnswer();
        return answer.status != 0 || client.closed();
      },
      seconds(4)));
  EXPECT_EQ(answer.status, 408);
}

TEST_F(HostileClient, WithHalfABodyGetsATimeout) {
  ServerProcess& server = Start({"--set", "server.body_timeout=0.5"});
  RawClient client(server.port());
  ASSERT_TRUE(client.Send("POST /add/ HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nname="));
  EXPECT_EQ(client.ReadAnswer().status, 408);
  client.ReadToEnd();
  EXPECT_TRUE(client.closed());
}

TEST_F(HostileClient, ThatSaysNothingIsClosed) {
  ServerProcess& server = Start({"--set", "server.header_timeout=0.5"});
  RawClient client(server.port());
  client.ReadToEnd();
  EXPECT_TRUE(client.closed());
}

TEST_F(HostileClient, ThatSendsNoiseIsSurvived) {
  ServerProcess& server = Start({"--set", "server.header_timeout=1"});
  std::mt19937 random(20261122);
  std::uniform_int_distribution<int> octet(0, 255);
  for (int i = 0; i < 200; ++i) {
    std::string noise(static_cast<std::size_t>(1 + octet(random) * 8), '\0');
    for (char& c : noise) {
      c = static_cast<char>(octet(random));
    }
    RawClient client(server.port());
    client.Send(i % 2 == 0 ? noise : "POST /add/ HTTP/1.1\r\nHost: t\r\n" + noise);
    client.FinishSending();
    client.ReadToEnd();
  }
  EXPECT_EQ(site_.Ask("SELECT count(*) FROM note"), "0");
}

TEST_F(HostileClient, ThatResetsAtAnyPointIsSurvived) {
  ServerProcess& server = Start();
  const std::string request = PostForm("/add/", "name=reset") + Get("/big/?bytes=1000000");
  for (std::size_t i = 0; i < 400; ++i) {
    RawClient client(server.port());
    client.Send(request.substr(0, i * request.size() / 399));
    client.Reset();
  }
  EXPECT_TRUE(WaitFor([&] { return Connections() == 0; })) << "connections leak";
}

}  // namespace
}  // namespace sqlicorn
