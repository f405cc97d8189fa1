// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/worker/connection_testing.h"

namespace sqlicorn {
namespace {

class BackPressureTest : public ConnectionTest {
 protected:
  void ExpectEndAfterBodyTimeout() {
    SweepAfter(seconds(29));
    EXPECT_EQ(connections_.size(), 1U);
    // Two looks: at the first the kernel may have taken a little more of the answer.
    SweepAfter(seconds(31));
    SweepAfter(seconds(62));
    EXPECT_EQ(connections_.size(), 0U);
  }
};

TEST_F(BackPressureTest, StopsServingAClientThatDoesNotReadAndThenAnswersAllInOrder) {
  constexpr std::size_t kRequests = 2000;  // sixteen megabytes of answers
  std::string text;
  for (std::size_t i = 0; i < kRequests; ++i) {
    text += RequestText(fmt::format("GET /pad/?v=n{}", i));
  }
  TestClient client = Connect();
  std::size_t sent = client.Send(text);
  Settle();
  // What the kernel's buffers hold and a quarter of a megabyte, in answers of eight kilobytes.
  EXPECT_LT(app_.slot.requests, 200U);
  RunUntil([&] {
    sent += client.Send(std::string_view(text).substr(sent));
    return Count(client.Received(), "\"pad\":") == kRequests;
  });
  std::size_t at = 0;
  for (std::size_t i = 0; i < kRequests && at != std::string::npos; ++i) {
    at = client.Received().find(fmt::format("[{{\"v\":\"n{}\",", i), at);
    EXPECT_NE(at, std::string::npos) << i;
  }
}

TEST_F(BackPressureTest, DoesNotCutALongAnswerOffWhileTheClientReads) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/", "Connection: close\r\n"));
  Settle();
  for (int i = 0; i < 5; ++i) {
    const std::size_t before = client.Received(0).size();
    RunUntil([&] { return client.Received(65536).size() > before + 500000; });
    SweepAfter(seconds(31));
    ASSERT_EQ(connections_.size(), 1U);
  }
  RunUntil([&] { return client.Ended(); });
  EXPECT_TRUE(client.Received().ends_with("\"}]"));
  EXPECT_GT(client.Received().size(), 10000000U);
}

TEST_F(BackPressureTest, EndsAConnectionWhoseClientReadsNothing) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/"));
  Settle();
  ExpectEndAfterBodyTimeout();
}

TEST_F(BackPressureTest, WaitsForALastAnswerAsLongAsForOthers) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/", "Connection: close\r\n"));
  Settle();
  ExpectEndAfterBodyTimeout();
}

TEST_F(BackPressureTest, WaitsTwoSecondsForTheEndOfTheClientAfterItsLastAnswer) {
  TestClient client = Connect();
  client.Send(RequestText("GET /echo/", "Connection: close\r\n"));
  RunUntil([&] { return client.Ended(); });
  SweepAfter(milliseconds(1900));
  EXPECT_EQ(connections_.size(), 1U);
  SweepAfter(milliseconds(2100));
  EXPECT_EQ(connections_.size(), 0U);
}

class Drain : public ConnectionTest {
 protected:
  void BeginDrain() {
    services_.closing = true;
    connections_.Drain();
    connections_.DestroyRetired();
  }
};

TEST_F(Drain, EndsIdleConnectionsAtOnce) {
  TestClient client = Connect();
  client.Send(RequestText("GET /echo/"));
  RunUntilReceived(client, "200 OK");
  const TimePoint answered = Clock::now();
  RunUntil([&] { return Clock::now() - answered > milliseconds(600); });
  BeginDrain();
  EXPECT_EQ(connections_.size(), 0U);
}

TEST_F(Drain, HearsWhoWasJustAnswered) {
  TestClient quick = Connect();
  TestClient silent = Connect();
  for (TestClient* client : {&quick, &silent}) {
    client->Send(RequestText("GET /echo/?v=x"));
    RunUntilReceived(*client, "200 OK");
  }
  BeginDrain();
  quick.Send(RequestText("GET /echo/?v=x"));
  RunUntil([&] { return quick.Ended(); });
  EXPECT_NE(quick.Received().find("Connection: close\r\n"), std::string::npos);
  SweepAfter(milliseconds(600));
  EXPECT_EQ(connections_.size(), 1U);  // the quick one has yet to close its end
}

TEST_F(Drain, LetsARequestFinishAndCloses) {
  TestClient client = Connect();
  client.Send("GET /echo/?v=x HTTP/1.1\r\nHo");
  Settle();
  BeginDrain();
  EXPECT_EQ(connections_.size(), 1U);
  client.Send("st: h\r\n\r\n");
  RunUntil([&] { return client.Ended(); });
  EXPECT_NE(client.Received().find("Connection: close\r\n"), std::string::npos);
}

TEST_F(Drain, HearsWhoHasJustConnected) {
  TestClient quick = Connect();
  TestClient silent = Connect();
  quick.Send(RequestText("GET /echo/?v=x"));
  BeginDrain();
  RunUntil([&] { return quick.Ended(); });
  EXPECT_NE(quick.Received().find("200 OK"), std::string::npos);
  EXPECT_EQ(connections_.size(), 2U);  // the quick one has yet to close its end
  SweepAfter(milliseconds(1100));
  EXPECT_EQ(connections_.size(), 1U);
}

TEST_F(Drain, SendsTheRestOfAnAnswerFirst) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/"));
  Settle();
  BeginDrain();
  RunUntilReceived(client, "\"}]");
  EXPECT_GT(client.Received().size(), 10000000U);
}

TEST_F(Drain, AnswersWhatWasSentBehindALongAnswer) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/"));
  Settle();  // the long answer is more than what the connection goes on reading beside
  client.Send(RequestText("GET /write/?v=x"));
  BeginDrain();
  RunUntil([&] { return client.Ended(); });
  EXPECT_FALSE(client.WasReset());
  EXPECT_EQ(Count(client.Received(), "200 OK"), 2U);
  EXPECT_EQ(Count(client.Received(), "Connection: close\r\n"), 1U);
  EXPECT_EQ(Ask(*app_.connection, "SELECT count(*) FROM t"), "1");
}

TEST_F(Drain, HearsAClientThatHasJustReadALongAnswerForAMoment) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/"));
  Settle();
  BeginDrain();
  SweepAfter(seconds(1));  // since its answer was made
  RunUntilReceived(client, "\"}]");
  Settle();
  EXPECT_FALSE(client.Ended());
  SweepAfter(milliseconds(400));
  EXPECT_EQ(connections_.size(), 1U);
  SweepAfter(milliseconds(600));
  EXPECT_EQ(connections_.size(), 0U);
}

struct WithScheduler {
  HeldWrites scheduler;
};

class Waiting : private WithScheduler, public ConnectionTest {
 protected:
  Waiting() : ConnectionTest(&scheduler) {}

  TestClient ConnectAndWrite() {
    TestClient client = Connect();
    client.Send(RequestText("GET /write/?v=x"));
    RunUntil([this] { return holds(); });
    return client;
  }

  [[nodiscard]] bool holds() const { return scheduler.held != nullptr; }

  void Turn() { scheduler.Turn(); }

  void ExpectWithdrawnAfterReset(TestClient& client) {
    client.Reset();
    RunUntil([this] {
      SweepAfter(Duration::zero());
      return !holds();
    });
    EXPECT_EQ(connections_.size(), 0U);
  }
};

TEST_F(Waiting, StopsReadingAClientThatSendsOnMeanwhile) {
  TestClient client = ConnectAndWrite();
  const std::string more(65536, 'x');
  std::size_t taken = 0;
  for (int i = 0; i < 50; ++i) {
    taken += client.Send(more);
    Settle();
  }
  EXPECT_LT(taken, 1000000U);
}

TEST_F(Waiting, AnswersWhatWasPipelinedMeanwhileAndAHalfClosedClient) {
  TestClient client = ConnectAndWrite();
  client.Send(RequestText("GET /echo/?v=two") + RequestText("GET /echo/?v=three"));
  client.HalfClose();
  Settle();
  Turn();
  RunUntil([&] { return client.Ended(); });
  EXPECT_EQ(Count(client.Received(), "200 OK"), 3U);
  EXPECT_NE(client.Received().find("three"), std::string::npos);
}

TEST_F(Waiting, AnswersTheWriteOfAHalfClosedClient) {
  TestClient client = ConnectAndWrite();
  client.HalfClose();
  Settle();
  SweepAfter(Duration::zero());
  ASSERT_TRUE(holds());
  Turn();
  RunUntil([&] { return client.Ended(); });
  EXPECT_EQ(Count(client.Received(), "200 OK"), 1U);
  EXPECT_EQ(Ask(*app_.connection, "SELECT count(*) FROM t"), "1");
}

TEST_F(Waiting, WithdrawsTheWriteOfAHalfClosedClientThatResets) {
  TestClient client = ConnectAndWrite();
  client.HalfClose();
  Settle();
  ExpectWithdrawnAfterReset(client);
}

TEST_F(Waiting, WithdrawsTheWriteOfAClientThatResetsWhileItIsNotRead) {
  TestClient client = ConnectAndWrite();
  client.Send(RequestText("GET /echo/?v=more"));
  Settle();
  ExpectWithdrawnAfterReset(client);
}

TEST_F(Waiting, WithdrawsTheWriteOfAClientThatResets) {
  TestClient client = ConnectAndWrite();
  client.Reset();
  RunUntil([this] { return !holds(); });
  connections_.DestroyRetired();
  EXPECT_EQ(connections_.size(), 0U);
  EXPECT_EQ(Ask(*app_.connection, "SELECT count(*) FROM t"), "0");
}

TEST_F(Waiting, HasNoDeadline) {
  const TestClient client = ConnectAndWrite();
  SweepAfter(std::chrono::hours(24));
  EXPECT_EQ(connections_.size(), 1U);
  Turn();
}

}  // namespace
}  // namespace sqlicorn
