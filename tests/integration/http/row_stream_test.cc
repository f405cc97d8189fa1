// SPDX-License-Identifier: MIT
// Answers that leave while SQLite makes them.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "tests/integration/http/row_stream_testing.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;

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

// Also where the statement fails, soon or after the first rows have left.
TEST_F(RowStreams, HaveTheSameStatusForHead) {
  Start();

  const struct {
    const char* path;
    const char* status;
  } cases[] = {{"/rows/?n=3", "200"}, {"/rows/?n=20000", "200"}, {"/fails/", "200"},
               {"/overflow/", "500"}, {"/few/?n=100", "500"},    {"/rows/?n=x", "400"},
               {"/none/", "404"}};

  for (const auto& row : cases) {
    for (const char* method : {"GET", "HEAD"}) {
      RawClient client(server().port());
      ASSERT_TRUE(client.Send(fmt::format("{} {} HTTP/1.0\r\n\r\n", method, row.path)));
      const std::string answer = client.ReadToEnd();
      EXPECT_EQ(answer.substr(9, 3), row.status) << method << row.path;
      EXPECT_EQ(answer.ends_with("\r\n\r\n"), method == std::string_view("HEAD")) << row.path;
    }
  }
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
#if defined(__SANITIZE_ADDRESS__)
  EXPECT_LT(cost, 16 * kMiB) << "the sanitizer keeps for a while what was freed";
#else
  EXPECT_LT(cost, 4 * kMiB);
#endif
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
  const std::size_t cost = PeakResidentBytes(worker) - before;
  RecordProperty("cost_kib", std::to_string(cost / 1024));
#if defined(__SANITIZE_ADDRESS__)
  EXPECT_LT(cost, 12 * kMiB);
#else
  EXPECT_LT(cost, 4 * kMiB) << "256 KiB each, and what the first of them brings along";
#endif
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

// 16 clients for two reads that may run: there is no place for a seventeenth.
TEST_F(RowStreams, OfSilentClientsDoNotKeepOthersOut) {
  Start("wal", "", "long_reads = 2");
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 16; ++i) {
    silent.push_back(BeginEndless(Get(kEndless)));
  }
  const TimePoint sent = Clock::now();
  EXPECT_TRUE(RawClient(server().port()).Ask(Get("/rows/?n=20000")).body == Rows(20000));
  EXPECT_LT(Clock::now() - sent, std::chrono::seconds(10));
  EXPECT_TRUE(AccessLogHas("/rows/.n=1000000000000 .*\" 504 [1-9]"));
  EXPECT_EQ(CountOf(server().log(), "other reads waited for its place (database.long_reads)"), 1U);
  static_cast<void>(silent.front()->ReadToEnd());
  EXPECT_TRUE(silent.front()->was_reset());
}

// Of the log: the descriptor of the database SQLite keeps for its next connection, as to close it
// would take the locks of the others away.
TEST_F(RowStreams, LeaveNoConnectionBehindWhenNobodyReadsForLong) {
  Start();
  EXPECT_EQ(Count().status, 200);
  const pid_t worker = server().workers().front();
  const auto logs = [&] { return CountDescriptorsOf(worker, path() + "-wal"); };
  const std::size_t before = logs();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(RawClient(server().port()).Ask(Get("/rows/?n=20000")).body == Rows(20000));
    EXPECT_EQ(logs(), before + 1);
    EXPECT_EQ(CountDescriptorsOf(worker, path()), 2 * before + 3) << "with the -shm";
    EXPECT_TRUE(WaitFor([&] { return logs() == before; }));
  }
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

// Before anything has left it is an error like any other, and after that an answer that breaks off.
TEST_F(RowStreams, EndAtMaxAnswer) {
  Start("wal", "", "max_answer = 200000");
  RawClient client(server().port());
  EXPECT_TRUE(client.Ask(Get("/rows/?n=3000")).body == Rows(3000));
  ASSERT_TRUE(client.Send(Get("/rows/?n=5000")));
  EXPECT_FALSE(client.ReadToEnd().ends_with("0\r\n\r\n"));
  EXPECT_TRUE(client.was_reset());
  EXPECT_TRUE(AccessLogHas("n=5000 .*\" 500 [1-9]"));
  EXPECT_EQ(CountOf(server().log(), "larger than database.max_answer (200000 bytes)"), 1U);
  const HttpAnswer small = RawClient(server().port()).Ask(Get("/few/?n=100"));
  EXPECT_EQ(small.status, 500);
  EXPECT_NE(small.body.find("larger than the max_answer of the endpoint (1000 bytes)"),
            std::string::npos)
      << small.body;
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

// Who dies says no goodbye: for HTTP/1.0 an orderly end would make a cut answer a whole one.
TEST_F(RowStreams, AreBrokenByTheDeathOfTheirWorker) {
  const std::string request = fmt::format("GET {} HTTP/1.0\r\n\r\n", kEndless);
  Start();
  auto client = BeginEndless(request);
  ASSERT_EQ(kill(server().workers().front(), SIGKILL), 0);
  EXPECT_NE(client->ReadToEnd(), "");
  EXPECT_TRUE(client->was_reset()) << "killed";
  Start("wal", "graceful_timeout = 1");
  client = BeginEndless(request);
  server().Signal(SIGTERM);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  EXPECT_NE(client->ReadToEnd(), "");
  EXPECT_TRUE(client->was_reset()) << "told to end";
}

// Its kernel takes an octet now and then, and ours has room for more long after that.
TEST_F(RowStreams, OfAClientThatReadsSlowlyAndSteadilyGoOn) {
  Start("wal", "body_timeout = 1");
  const UniqueFd slow(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto port = static_cast<std::uint16_t>(server().port());
  const SocketAddress address = SocketAddress::Ip("127.0.0.1", port).value();
  ASSERT_EQ(connect(slow.get(), address.raw(), address.length()), 0);
  const std::string request = Get(kEndless);
  ASSERT_EQ(write(slow.get(), request.data(), request.size()), std::ssize(request));
  std::array<char, 32U << 10U> step;
  for (int i = 0; i < 40; ++i) {
    ASSERT_EQ(recv(slow.get(), step.data(), step.size(), MSG_WAITALL), std::ssize(step)) << i;
    std::this_thread::sleep_for(milliseconds(100));  // it is its pace that is tested
  }
  EXPECT_FALSE(Matches(ContentOf(site_.dir().File("access.log")), "/rows/"));
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
