// SPDX-License-Identifier: MIT
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

constexpr const char* kCount = R"([{"notes":0}])";

// The server refuses what was sent with `status` and closes.
void ExpectRefused(ServerProcess& server, std::string_view request, int status) {
  RawClient client(server.port());
  client.Send(request);
  const HttpAnswer answer = client.ReadAnswer();
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_EQ(answer.Header("Connection"), "close");
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(client.closed());
}

TEST(Connection, IsKeptForMoreRequests) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  for (int i = 0; i < 20; ++i) {
    const HttpAnswer answer = client.Ask(Get("/count/"));
    EXPECT_EQ(answer.body, kCount);
    EXPECT_EQ(answer.Header("Connection"), "keep-alive");
    EXPECT_EQ(answer.Header("Content-Type"), "application/json");
  }
}

TEST(Connection, ClosesWhenIdleForLongerThanKeepalive) {
  Site site;
  ServerProcess& server = site.Start({"--keep-alive", "0.5"});
  RawClient client(server.port());
  ASSERT_EQ(client.Ask(Get("/count/")).status, 200);
  const TimePoint start = Clock::now();
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(client.closed());
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(400));
}

TEST(Connection, AnswersAHundredRequestsOfOnePacketInOrder) {
  Site site;
  ServerProcess& server = site.Start();
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests += Get(fmt::format("/big/?bytes={}", i * 2));
  }
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(requests));
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(client.ReadAnswer().body,
              fmt::format(R"([{{"zeros":"{}"}}])", std::string(i * 2, '0')));
  }
}

TEST(Connection, AnswersAfterAHalfClose) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(Get("/count/") + Get("/big/?bytes=2000000")));
  client.FinishSending();
  EXPECT_EQ(client.ReadAnswer().body, kCount);
  EXPECT_EQ(client.ReadAnswer().body.size(),
            2000000 + std::string_view(R"([{"zeros":""}])").size());
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(client.closed());
}

TEST(Connection, ClosesAfterAnHttp10Request) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  EXPECT_EQ(client.Ask("GET /count/ HTTP/1.0\r\n\r\n").body, kCount);
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(client.closed());
}

TEST(Connection, IsKeptForHttp10ThatAsksForIt) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  const char* request = "GET /count/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  EXPECT_EQ(client.Ask(request).Header("Connection"), "keep-alive");
  EXPECT_EQ(client.Ask(request).body, kCount);
}

TEST(Connection, AnswersHeadWithoutABody) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  ASSERT_TRUE(client.Send("HEAD /count/ HTTP/1.1\r\nHost: test\r\n\r\n"));
  const HttpAnswer head = client.ReadAnswer(AnswerBody::kNone);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("Content-Length"), std::to_string(std::string_view(kCount).size()));
  EXPECT_EQ(client.Ask(Get("/count/")).body, kCount);
}

TEST(Connection, ReadsAChunkedBody) {
  Site site;
  ServerProcess& server = site.Start();
  const HttpAnswer answer = RawClient(server.port())
                                .Ask(
                                    "POST /add/ HTTP/1.1\r\nHost: test\r\n"
                                    "Content-Type: application/x-www-form-urlencoded\r\n"
                                    "Transfer-Encoding: chunked\r\n\r\n"
                                    "5\r\nname=\r\n4\r\nmany\r\n0\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(site.Ask("SELECT name FROM note"), "many");
}

TEST(Connection, TellsAClientThatAsksToContinue) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  ASSERT_TRUE(
      client.Send("POST /add/ HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
                  "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\n"));
  EXPECT_EQ(client.ReadAnswer(AnswerBody::kNone).status, 100);
  EXPECT_EQ(client.Ask("name=a").status, 200);
}

TEST(Router, NamesPathsAndMethodsItDoesNotHave) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  EXPECT_EQ(client.Ask(Get("/nowhere/")).status, 404);
  const HttpAnswer answer = client.Ask(PostForm("/count/", ""));
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.Header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(client.Ask(Get("/count/")).status, 200) << "the connection was lost";
}

struct Refusal {
  const char* name;
  int status;
  std::string request;

  friend void PrintTo(const Refusal& self, std::ostream* out) { *out << self.name; }
};

class Malformed : public testing::TestWithParam<Refusal> {};

TEST_P(Malformed, IsRefusedAndTheConnectionClosed) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1"}, 1);
  const std::vector<pid_t> before = server.workers();
  ExpectRefused(server, GetParam().request, GetParam().status);
  EXPECT_EQ(site.Ask("SELECT count(*) FROM note"), "0");
  EXPECT_EQ(server.workers(), before);
}

std::string AddWith(std::string_view headers) {
  return fmt::format("POST /add/ HTTP/1.1\r\nHost: test\r\n{}\r\n", headers);
}

const std::vector<Refusal> kRefusals = {
    {"NoHttp", 400, "hello\r\n\r\n"},
    {"NoHost", 400, "GET /count/ HTTP/1.1\r\n\r\n"},
    {"SpaceBeforeColon", 400, "GET /count/ HTTP/1.1\r\nHost : test\r\n\r\n"},
    {"LengthAndChunked", 400, AddWith("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")},
    {"TwoLengths", 400, AddWith("Content-Length: 3\r\nContent-Length: 4\r\n") + "abcd"},
    {"NegativeLength", 400, AddWith("Content-Length: -1\r\n")},
    {"BadChunk", 400, AddWith("Transfer-Encoding: chunked\r\n") + "zz\r\n"},
    {"LongHeader", 431, "GET / HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"},
    {"EndlessHeader", 431, "GET / HTTP/1.1\r\nX: " + std::string(300000, 'x')},
    {"LargeBody", 413, AddWith("Content-Length: 1048577\r\n")},
    {"LargeBodySent", 413, AddWith("Content-Length: 1048577\r\n") + std::string(1048577, 'x')},
    {"UnknownExpectation", 417, AddWith("Content-Length: 3\r\nExpect: a-miracle\r\n")}};

INSTANTIATE_TEST_SUITE_P(Requests, Malformed, testing::ValuesIn(kRefusals),
                         [](const auto& named) { return named.param.name; });

}  // namespace
}  // namespace sqlicorn
