// SPDX-License-Identifier: MIT
// Answers that leave while SQLite makes them.
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/log_testing.h"
#include "tests/integration/served_database.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMiB = 1U << 20U;
constexpr std::string_view kPad = "abcdefghijklmnopqrstuvwxyz0123456789";

// /rows/ answers with n rows of 50 octets or so, /fails/ with an error after 300,000 of them.
std::string RowStreamConfig(std::string_view journal_mode, std::string_view more) {
  return fmt::format(R"toml(
[server]
workers = 1
keepalive = 30
{}
[database]
schema = ["schema.sql"]
[database.pragmas]
journal_mode = "{}"
[statements]
count = "SELECT count(*) AS notes FROM note"
add = "INSERT INTO note (name) VALUES (:name)"
rows = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT i, '{}' AS v FROM n LEFT JOIN (SELECT count(*) FROM note)"""
fails = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
SELECT CASE WHEN i < 300000 THEN i ELSE abs(-9223372036854775807 - 1) END AS i, '{}' AS v FROM n"""
[params.p]
n = {{ type = "integer", default = 1 }}
name = {{ type = "text", default = "x" }}
[[endpoint]]
path = "/count/"
steps = ["count"]
respond = "rows"
[[endpoint]]
path = "/add/"
methods = ["POST"]
params = "p"
steps = ["add"]
[[endpoint]]
path = "/rows/"
params = "p"
steps = ["rows"]
respond = "rows"
[[endpoint]]
path = "/fails/"
steps = ["fails"]
respond = "rows"
[[endpoint]]
path = "/soon/"
params = "p"
steps = ["rows"]
respond = "rows"
statement_timeout = 2
)toml",
                     more, journal_mode, kPad, kPad);
}

std::string Rows(int n) {
  std::string rows;
  for (int i = 1; i <= n; ++i) {
    rows += fmt::format("{}{{\"i\":{},\"v\":\"{}\"}}", i == 1 ? "[" : ",", i, kPad);
  }
  return rows + "]";
}

class RowStreams : public ServedDatabase {
 protected:
  void Start(std::string_view journal_mode = "wal", std::string_view more = "") {
    site_.StartWith({.config = RowStreamConfig(journal_mode, more),
                     .arguments = {"--access-logfile", site_.dir().File("access.log")}},
                    1);
  }

  // A client that has got the beginning of an endless answer, and reads no further.
  std::unique_ptr<RawClient> BeginEndless(const std::string& request) {
    auto client = std::make_unique<RawClient>(server().port());
    EXPECT_TRUE(client->Send(request));
    EXPECT_TRUE(WaitFor([&] { return IsAtRest(); }));
    return client;
  }

  // The worker uses no processor time: what it would work at waits for a client.
  [[nodiscard]] bool IsAtRest() {
    const pid_t worker = server().workers().front();
    const Duration before = InfoOf(worker).cpu;
    std::this_thread::sleep_for(milliseconds(100));
    return before > Duration::zero() && InfoOf(worker).cpu == before;
  }

  void ExpectNoReader() {
    SqliteFile other(path());
    other.Run("PRAGMA user_version = 7");
    EXPECT_EQ(other.Ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0|0|0");
  }

  [[nodiscard]] bool AccessLogHas(const std::string& pattern) const {
    return WaitFor([&] { return Matches(ContentOf(site_.dir().File("access.log")), pattern); });
  }
};

constexpr const char* kEndless = "/rows/?n=1000000000000";

TEST_F(RowStreams, LeaveInChunksAndKeepTheConnection) {
  Start();
  RawClient client(server().port());
  ASSERT_TRUE(client.Send(Get("/rows/?n=20000") + Get("/rows/?n=3") + Get("/rows/?n=20001")));
  const HttpAnswer first = client.ReadAnswer();
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.Header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(first.Header("Content-Length"), "");
  EXPECT_EQ(first.Header("Content-Type"), "application/json");
  EXPECT_EQ(first.Header("Connection"), "keep-alive");
  EXPECT_TRUE(first.body == Rows(20000)) << first.body.size();
  EXPECT_EQ(client.ReadAnswer().body, Rows(3));
  EXPECT_TRUE(client.ReadAnswer().body == Rows(20001));
  EXPECT_TRUE(AccessLogHas(fmt::format("n=20000 .*\" 200 {} ", Rows(20000).size())));
}

TEST_F(RowStreams, HaveALengthWhereAllIsInTheFirst64KiB) {
  Start();
  RawClient client(server().port());
  const HttpAnswer small = client.Ask(Get("/rows/?n=1000"));
  EXPECT_EQ(small.Header("Content-Length"), std::to_string(Rows(1000).size()));
  EXPECT_EQ(small.body, Rows(1000));
}

TEST_F(RowStreams, EndWithTheConnectionForHttp10) {
  Start();
  RawClient client(server().port());
  ASSERT_TRUE(client.Send("GET /rows/?n=20000 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  const std::string answer = client.ReadToEnd();
  EXPECT_TRUE(client.closed());
  const std::size_t body = answer.find("\r\n\r\n") + 4;
  EXPECT_EQ(answer.substr(0, body).find("Transfer-Encoding"), std::string::npos);
  EXPECT_NE(answer.substr(0, body).find("Connection: close"), std::string::npos);
  EXPECT_TRUE(answer.substr(body) == Rows(20000)) << answer.size();
}

TEST_F(RowStreams, HaveTheSameHeadForHeadAndNoBody) {
  Start();
  RawClient client(server().port());
  ASSERT_TRUE(client.Send(fmt::format("HEAD {} HTTP/1.1\r\nHost: h\r\n\r\n", kEndless)));
  const HttpAnswer head = client.ReadAnswer(AnswerBody::kNone);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(client.Ask(Get("/rows/?n=3")).body, Rows(3)) << "nothing came in between";
  EXPECT_TRUE(AccessLogHas("HEAD /rows/.*\" 200 0 "));
  ExpectNoReader();
}

TEST_F(RowStreams, OfAMillionRowsTakeLittleMemoryAndBeginAtOnce) {
  Start();
  EXPECT_EQ(Count().status, 200);
  const pid_t worker = server().workers().front();
  const std::size_t before = PeakResidentBytes(worker);
  const HttpAnswer answer = RawClient(server().port()).Ask(Get("/rows/?n=1000000"));
  EXPECT_GT(answer.body.size(), 50 * kMiB);
  EXPECT_TRUE(answer.body.ends_with(fmt::format(R"({{"i":1000000,"v":"{}"}}])", kPad)));
  const std::size_t cost = PeakResidentBytes(worker) - before;
  RecordProperty("cost_kib", std::to_string(cost / 1024));
  EXPECT_LT(cost, 4 * kMiB);
}

TEST_F(RowStreams, OfASlowClientWaitForItAndNobodyElseDoes) {
  Start();
  EXPECT_EQ(Count().status, 200);
  const pid_t worker = server().workers().front();
  const std::size_t before = PeakResidentBytes(worker);
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 12; ++i) {  // more than run at once
    slow.push_back(BeginEndless(Get(kEndless)));
  }
  EXPECT_LT(PeakResidentBytes(worker) - before, 12 * kMiB);
  EXPECT_EQ(Count().status, 200);
  EXPECT_EQ(Add(), 200);
  EXPECT_TRUE(RawClient(server().port()).Ask(Get("/rows/?n=20000")).body == Rows(20000));
}

TEST_F(RowStreams, OfAClientThatStallsEndWithTheWriteTimeout) {
  Start("wal", "body_timeout = 1");
  const auto slow = BeginEndless(Get(kEndless));
  EXPECT_TRUE(AccessLogHas("/rows/.*\" 499 [1-9]"));
  ExpectNoReader();
}

TEST_F(RowStreams, OfAClientThatGoesEndAtOnce) {
  Start();
  for (const char* how : {"reset", "close"}) {
    auto client = BeginEndless(Get(fmt::format("{}&how={}", kEndless, how)));
    if (how == std::string_view("reset")) {
      client->Reset();
    }
    client.reset();
    EXPECT_TRUE(AccessLogHas(fmt::format("how={} .*\" 499 [1-9]", how)));
  }
  ExpectNoReader();
}

// Neither the last chunk nor an orderly end of the connection.
TEST_F(RowStreams, ThatFailBreakTheConnectionAndTheLogsSayWhy) {
  Start();
  for (const char* version : {"1.0", "1.1"}) {
    RawClient client(server().port());
    ASSERT_TRUE(client.Send(fmt::format("GET /fails/?v={0} HTTP/{0}\r\nHost: h\r\n\r\n", version)));
    const std::string answer = client.ReadToEnd();
    EXPECT_TRUE(client.was_reset()) << version;
    EXPECT_TRUE(answer.starts_with("HTTP/")) << version;
    EXPECT_FALSE(answer.ends_with("0\r\n\r\n")) << version;
    EXPECT_EQ(answer.find("error"), std::string::npos) << version;
    EXPECT_TRUE(AccessLogHas(fmt::format("v={} .*\" 500 [1-9]", version)));
  }
  EXPECT_EQ(CountOf(server().log(), "integer overflow"), 2U) << server().log();
  EXPECT_EQ(Count().status, 200);
}

TEST_F(RowStreams, ThatTakeTooLongBreakTheConnection) {
  Start();
  RawClient client(server().port());
  ASSERT_TRUE(client.Send(Get("/soon/?n=1000000000000")));
  EXPECT_FALSE(client.ReadToEnd().ends_with("0\r\n\r\n"));
  EXPECT_TRUE(client.was_reset());
  EXPECT_TRUE(AccessLogHas("/soon/.*\" 504 [1-9]"));
  EXPECT_EQ(CountOf(server().log(), "took longer than the statement_timeout of the endpoint"), 1U);
}

// The time in which it waits for its client is not its own.
TEST_F(RowStreams, OfASlowClientMayTakeLongerThanTheirLimit) {
  Start();
  RawClient client(server().port());
  ASSERT_TRUE(client.Send(Get("/soon/?n=200000")));
  ASSERT_TRUE(WaitFor([&] { return IsAtRest(); }));
  std::this_thread::sleep_for(milliseconds(2200));  // longer than it may take by itself
  EXPECT_TRUE(client.ReadAnswer().body == Rows(200000));
}

TEST_F(RowStreams, AreCompletedByAGracefulStopAndBrokenByAQuickOne) {
  Start();
  auto client = BeginEndless(Get("/rows/?n=200000"));
  server().Signal(SIGTERM);
  ASSERT_TRUE(WaitFor([&] { return server().LogHas("Handling signal: term"); }));
  EXPECT_TRUE(client->ReadAnswer().body == Rows(200000));
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  Start();
  client = BeginEndless(fmt::format("GET {} HTTP/1.0\r\n\r\n", kEndless));
  server().Signal(SIGQUIT);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  static_cast<void>(client->ReadToEnd());
  EXPECT_TRUE(client->was_reset());
  EXPECT_TRUE(AccessLogHas("/rows/.*\" 500 [1-9]"));
}

// There a reader keeps every COMMIT waiting, and a client must not.
TEST_F(RowStreams, AreGatheredFirstWithARollbackJournal) {
  Start("delete");
  RawClient slow(server().port());
  ASSERT_TRUE(slow.Send(Get("/rows/?n=200000")));
  ASSERT_TRUE(WaitFor([&] { return IsAtRest(); }));
  EXPECT_EQ(Add(), 200);
  const HttpAnswer answer = slow.ReadAnswer();
  EXPECT_EQ(answer.Header("Content-Length"), std::to_string(Rows(200000).size()));
  EXPECT_TRUE(answer.body == Rows(200000));
}

}  // namespace
}  // namespace sqlicorn
