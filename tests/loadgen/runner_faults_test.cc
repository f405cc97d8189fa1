// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/stats/locust_numbers.h"
#include "tests/loadgen/runner_fixture.h"

namespace sqlicorn::loadgen {
namespace {

TEST_F(RunnerTest, CountsErrorStatusesInLocustsWords) {
  const auto unavailable = [](const auto&, auto) {
    return testing::Status("HTTP/1.1 503 Service Unavailable");
  };
  EXPECT_EQ(OnlyError(RunUntil(2, unavailable)),
            "HTTPError('503 Server Error: Service Unavailable for url: /x')");
  EXPECT_EQ(connections_, 1u);
}

TEST_F(RunnerTest, TellsCausesApartThatAreOneRowForLocust) {
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"database is locked (SQLITE_BUSY_SNAPSHOT)", "SQLITE_BUSY_SNAPSHOT"},
      {"disk (x) is full (SQLITE_FULL)\n", "SQLITE_FULL"},
      {"no name", ""},
      {"(SQLITE_BUSY", ""}};
  const RunResult result = RunUntil(bodies.size() - 1, [&](const auto&, std::size_t number) {
    const std::string& body = bodies.at(number).first;
    return Reply{
        "HTTP/1.1 503 Busy\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
        Reply::Then::kKeep};
  });
  ASSERT_EQ(result.stats.errors().size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(result.stats.errors()[i].cause, bodies[i].second);
  }
  const LocustTable table = MakeLocustTable(result.stats, LocustRates::kTotal);
  ASSERT_EQ(table.errors.size(), 1U);
  EXPECT_EQ(table.errors[0].occurrences, 4U);
}

// It says keep-alive and closes all the same, which is no fault of the request that follows.
TEST_F(RunnerTest, LooksForAClosedConnectionBeforeItSends) {
  scenario_.wait.least = milliseconds(1);
  const RunResult result = RunUntil(5, [](const auto&, auto) {
    return Reply{testing::Ok().bytes, Reply::Then::kClose};
  });
  EXPECT_EQ(result.stats.requests(), 6U);
  EXPECT_EQ(result.stats.failures(), 0U);
  EXPECT_EQ(connections_, 6U);
}

TEST_F(RunnerTest, SendsAgainWhatCameToAClosedConnection) {
  scenario_.tasks = {PostUnique("/x")};
  const RunResult result = RunUntil(5, [](const auto&, auto) {
    return Reply{testing::Ok().bytes, Reply::Then::kClose};
  });
  EXPECT_EQ(result.stats.requests(), 6U);
  EXPECT_EQ(result.stats.failures(), 0U);
  EXPECT_EQ(result.ledger.Count(Fate::kAcknowledged), 6U);
  EXPECT_EQ(result.ledger.Count(Fate::kUnanswered), 5U) << "nobody looked before them";
}

TEST_F(RunnerTest, DoesNotSendAgainWhatWasRead) {
  for (const Reply::Then end : {Reply::Then::kClose, Reply::Then::kReset}) {
    const RunResult result = RunUntil(2, [end](const auto&, std::size_t number) {
      return number == 1 ? Reply{"", end} : testing::Ok();
    });
    EXPECT_EQ(result.stats.requests(), 3U);
    EXPECT_EQ(result.stats.failures(), 1U);
    EXPECT_EQ(requests_.size(), 3U);
  }
}

TEST_F(RunnerTest, FindsTheServerOnWhicheverAddressOfItsName) {
  for (const char* address : {"127.0.0.1", "::1"}) {
    ScriptedServer server(
        loop_,
        [this](const std::string&, std::size_t number) {
          if (number == 3) {
            runner_->Stop();
          }
          return testing::Ok();
        },
        address);
    const RunResult result = RunAt("http://localhost:" + std::to_string(server.port()));
    EXPECT_EQ(result.stats.failures(), 0U) << address;
    EXPECT_EQ(result.stats.requests(), 4U) << address;
    EXPECT_EQ(server.connections(), 1U) << address;
  }
}

TEST_F(RunnerTest, ReportsTheRefusalWhenNoAddressAccepts) {
  options_.run_time = milliseconds(50);
  const RunResult result = RunAt("http://localhost:" + std::to_string(testing::UnusedPort()));
  EXPECT_EQ(OnlyError(result), "ConnectionRefusedError(111, 'Connection refused')");
}

struct Fault {
  std::string name;
  Reply reply;
  std::string error;
};

const std::vector<Fault>& Faults() {
  using Then = Reply::Then;
  static const std::vector<Fault> faults = {
      {"client error", testing::Status("HTTP/1.1 404 Not Found"),
       "HTTPError('404 Client Error: Not Found for url: /x')"},
      {"no reason", testing::Status("HTTP/1.1 500 "),
       "HTTPError('500 Server Error:  for url: /x')"},
      {"apostrophe", testing::Status("HTTP/1.1 418 I'm a teapot"),
       "HTTPError(\"418 Client Error: I'm a teapot for url: /x\")"},
      {"close",
       {"", Then::kClose},
       "RemoteDisconnected('Remote end closed connection without response')"},
      {"reset", {"", Then::kReset}, "ConnectionResetError(104, 'Connection reset by peer')"},
      {"truncated",
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789", Then::kClose},
       "ChunkedEncodingError(ProtocolError('Connection broken: IncompleteRead(10 bytes read, 90 "
       "more expected)', IncompleteRead(10 bytes read, 90 more expected)))"},
      {"truncated chunks",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", Then::kClose},
       "ChunkedEncodingError(ProtocolError(\"Connection broken: InvalidChunkLength(got length b'', "
       "0 bytes read)\", InvalidChunkLength(got length b'', 0 bytes read)))"},
      {"bad header",
       {"HTTP/1.1 200 OK\r\nA\x1b: b\r\n\r\n", Then::kKeep},
       "ProtocolError(\"Invalid HTTP response: 'HTTP/1.1 200 "
       "OK\\x0d\\x0aA\\x1b: b\\x0d\\x0a\\x0d\\x0a'\")"},
      {"not HTTP",
       {"hello this is not http\r\n", Then::kKeep},
       "BadStatusLine('hello this is not http\\r\\n')"},
  };
  return faults;
}

TEST_F(RunnerTest, NamesEveryFaultAsLocustDoes) {
  for (const Fault& fault : Faults()) {
    EXPECT_EQ(OnlyError(RunUntil(2, [&](const auto&, auto) { return fault.reply; })), fault.error)
        << fault.name;
  }
}

TEST_F(RunnerTest, NamesAResetWithinTheAnswer) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789";
  ScriptedServer server(loop_, [&](const auto&, auto) {
    runner_->Stop();
    return Reply{head, Reply::Then::kKeep};
  });
  // Later, because a reset discards what has not been read.
  Timer breaker(loop_, [&] { server.ResetConnections(); });
  breaker.Start(milliseconds(50));
  EXPECT_EQ(OnlyError(Run(server)),
            "ChunkedEncodingError(ProtocolError(\"Connection broken: ConnectionResetError(104, "
            "'Connection reset by peer')\", ConnectionResetError(104, 'Connection reset by "
            "peer')))");
}

TEST_F(RunnerTest, DoesNotTakeABrokenBodyForAStatusLine) {
  ScriptedServer server(loop_, [&](const auto&, auto) {
    runner_->Stop();
    return Reply{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Reply::Then::kKeep};
  });
  Timer rest(loop_, [&] { server.SendToAll("no chunk size\r\n"); });
  rest.Start(milliseconds(50));
  EXPECT_EQ(OnlyError(Run(server)).substr(0, 14), "ProtocolError(");
}

TEST_F(RunnerTest, GoesOnWhenNobodyListensButDoesNotSpin) {
  options_.run_time = milliseconds(200);
  const std::string host = "http://127.0.0.1:" + std::to_string(testing::UnusedPort());
  const RunResult result = RunAt(host);
  EXPECT_EQ(OnlyError(result), "ConnectionRefusedError(111, 'Connection refused')");
  EXPECT_GE(result.stats.requests(), 2u);
  EXPECT_LE(result.stats.requests(), 6u);  // after 0, 10, 30, 70 and 150 ms
}

}  // namespace
}  // namespace sqlicorn::loadgen
