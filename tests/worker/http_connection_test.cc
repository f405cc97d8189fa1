// SPDX-License-Identifier: MIT
#include "worker/http/http_connection.h"

#include <gtest/gtest.h>

#include "tests/worker/connection_testing.h"

namespace sqlicorn {
namespace {

using HttpConnectionTest = ConnectionTest;

std::string Echo(std::string_view v, std::string_view fields = "") {
  return RequestText(fmt::format("GET /echo/?v={}", v), fields);
}

std::string Answer(std::string_view v) {
  return fmt::format("\r\n\r\n[{{\"v\":\"{}\"}}]", v);
}

TEST_F(HttpConnectionTest, AnswersAndStaysOpen) {
  TestClient client = Connect();
  client.Send(Echo("one"));
  RunUntilReceived(client, Answer("one"));
  EXPECT_TRUE(client.Received().starts_with("HTTP/1.1 200 OK\r\nServer: sqlicorn\r\n"));
  EXPECT_NE(client.Received().find("Connection: keep-alive\r\n"), std::string::npos);
  client.Send(Echo("two"));
  RunUntilReceived(client, Answer("two"));
  EXPECT_EQ(app_.slot.connections, 1U);
}

TEST_F(HttpConnectionTest, AnswersARequestThatArrivesOctetByOctet) {
  TestClient client = Connect();
  for (const char c : Echo("x")) {
    client.Send({&c, 1});
    Settle();
  }
  RunUntilReceived(client, Answer("x"));
}

TEST_F(HttpConnectionTest, AnswersPipelinedRequestsInOrder) {
  TestClient client = Connect();
  client.Send(Echo("one") + Echo("two") + RequestText("GET /nope") + Echo("three"));
  RunUntilReceived(client, Answer("three"));
  const std::string& all = client.Received();
  EXPECT_LT(all.find(Answer("one")), all.find(Answer("two")));
  EXPECT_LT(all.find(Answer("two")), all.find("404 Not Found"));
  EXPECT_LT(all.find("404 Not Found"), all.find(Answer("three")));
}

TEST_F(HttpConnectionTest, AnswersAllThatAHalfClosedClientSent) {
  TestClient client = Connect();
  client.Send(Echo("one") + Echo("two"));
  client.HalfClose();
  RunUntil([&] { return client.Ended(); });
  EXPECT_EQ(Count(client.Received(), "200 OK"), 2U);
  EXPECT_FALSE(client.WasReset());
  RunUntil([&] { return connections_.size() == 0; });
}

TEST_F(HttpConnectionTest, AnswersWhatCameBeforeARequestThatWasCutShort) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/") + "GET /echo/ HT");
  client.HalfClose();
  RunUntil([&] { return client.Ended(); });
  EXPECT_GT(client.Received().size(), 10000000U);
}

TEST_F(HttpConnectionTest, ClosesWhenTheClientWishes) {
  TestClient client = Connect();
  client.Send(Echo("one", "Connection: close\r\n") + Echo("two"));
  RunUntil([&] { return client.Ended(); });
  EXPECT_NE(client.Received().find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(client.Received().find(Answer("one")), std::string::npos);
  EXPECT_EQ(client.Received().find("two"), std::string::npos);
}

TEST_F(HttpConnectionTest, ClosesAfterHttp10UnlessAskedToStay) {
  TestClient client = Connect();
  client.Send("GET /echo/?v=stay HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  RunUntilReceived(client, Answer("stay"));
  EXPECT_FALSE(client.Ended());
  client.Send("GET /echo/?v=go HTTP/1.0\r\n\r\n");
  RunUntil([&] { return client.Ended(); });
  EXPECT_EQ(Count(client.Received(), "HTTP/1.0 200 OK"), 2U);
}

TEST_F(HttpConnectionTest, ClosesEveryTimeWithoutKeepAlive) {
  app_.config.server.keepalive = 0;
  TestClient client = Connect();
  client.Send(Echo("one"));
  RunUntil([&] { return client.Ended(); });
  EXPECT_NE(client.Received().find("Connection: close\r\n"), std::string::npos);
}

TEST_F(HttpConnectionTest, SaysContinueBeforeTheBody) {
  TestClient client = Connect();
  client.Send(
      "POST /echo/ HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\n\r\n");
  RunUntilReceived(client, "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("v=x");
  RunUntilReceived(client, Answer("x"));
  EXPECT_EQ(Count(client.Received(), "100 Continue"), 1U);
}

TEST_F(HttpConnectionTest, SendsAProblemForABadRequestAndCloses) {
  TestClient client = Connect();
  client.Send(Echo("one") + "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + Echo("two"));
  RunUntil([&] { return client.Ended(); });
  const std::string& all = client.Received();
  EXPECT_NE(all.find(Answer("one")), std::string::npos);
  EXPECT_NE(all.find("HTTP/1.1 400 Bad Request\r\n"), std::string::npos);
  EXPECT_NE(all.find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(all.find("\"title\":\"Bad Request\""), std::string::npos);
  EXPECT_EQ(all.find("two"), std::string::npos);
}

class RefusedHead : public HttpConnectionTest {
 protected:
  void ExpectNoPage(const std::string& bad) {
    TestClient client = Connect();
    client.Send(bad);
    RunUntil([&] { return client.Ended(); });
    const std::string& all = client.Received();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 ")) << all;
    EXPECT_EQ(all.find("\r\n\r\n"), all.size() - 4) << bad << all;
  }
};

TEST_F(RefusedHead, SendsNoPageToHead) {
  for (const char* bad :
       {"HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "HEAD / HTTP/9.9\r\n\r\n",
        "HEAD /# HTTP/1.1\r\n\r\n", "\r\nHEAD /\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n"}) {
    ExpectNoPage(bad);
  }
  ExpectNoPage("HEAD /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n");
}

TEST_F(HttpConnectionTest, SendsNoPageToAHeadThatDoesNotEnd) {
  TestClient client = Connect();
  client.Send("HEAD / HTTP/1.1\r\nHost:");
  Settle();
  SweepAfter(seconds(10));
  RunUntil([&] { return client.Ended(); });
  EXPECT_TRUE(client.Received().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(client.Received().ends_with("\r\n\r\n")) << client.Received();
}

TEST_F(HttpConnectionTest, RefusesALargeBodyAndIsHeardByAClientThatSendsItAllFirst) {
  TestClient client = Connect();
  const std::string text = RequestText("POST /echo/", "", std::string(3000000, 'x'));
  std::size_t sent = 0;
  RunUntil([&] {
    sent += client.Send(std::string_view(text).substr(sent));
    return sent == text.size();
  });
  client.HalfClose();
  RunUntil([&] { return client.Ended(); });
  EXPECT_NE(client.Received().find("HTTP/1.1 413 "), std::string::npos);
  EXPECT_FALSE(client.WasReset());
}

TEST_F(HttpConnectionTest, EndsAnIdleConnectionAfterKeepAlive) {
  TestClient client = Connect();
  client.Send(Echo("one"));
  RunUntilReceived(client, Answer("one"));
  SweepAfter(milliseconds(1900));
  EXPECT_EQ(connections_.size(), 1U);
  SweepAfter(milliseconds(2100));
  EXPECT_EQ(connections_.size(), 0U);
  RunUntil([&] { return client.Ended(); });
  EXPECT_EQ(Count(client.Received(), "HTTP/1.1"), 1U);
}

TEST_F(HttpConnectionTest, EndsASilentNewConnectionAfterTheHeaderTimeout) {
  TestClient client = Connect();
  SweepAfter(milliseconds(9900));
  EXPECT_EQ(connections_.size(), 1U);
  SweepAfter(seconds(11));
  EXPECT_EQ(connections_.size(), 0U);
}

TEST_F(HttpConnectionTest, Answers408ToAHeadThatDoesNotEnd) {
  TestClient client = Connect();
  client.Send("GET / HTTP/1.1\r\nHost:");
  Settle();
  SweepAfter(milliseconds(9500));
  EXPECT_EQ(client.Received(), "");
  SweepAfter(seconds(10));
  RunUntil([&] { return client.Ended(); });
  EXPECT_NE(client.Received().find("HTTP/1.1 408 Request Timeout\r\n"), std::string::npos);
}

TEST_F(HttpConnectionTest, Answers408ToABodyThatPauses) {
  TestClient client = Connect();
  client.Send("POST /echo/ HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nv=");
  Settle();
  SweepAfter(seconds(29));
  EXPECT_EQ(client.Received(), "");
  SweepAfter(seconds(31));
  RunUntil([&] { return client.Ended(); });
  EXPECT_NE(client.Received().find("HTTP/1.1 408 "), std::string::npos);
}

TEST_F(HttpConnectionTest, SurvivesAClientThatResets) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/"));
  Settle();
  client.Reset();
  RunUntil([&] {
    SweepAfter(Duration::zero());
    return connections_.size() == 0;
  });
  EXPECT_EQ(app_.slot.connections, 0U);
}

}  // namespace
}  // namespace sqlicorn
