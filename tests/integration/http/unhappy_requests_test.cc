// SPDX-License-Identifier: MIT
// What the logs tell of requests that do not end well.
#include <csignal>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/log_testing.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

// What the access log says of a request, its time left out; "" when it says nothing.
class Unhappy : public testing::Test {
 protected:
  ServerProcess& Start(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"-w", "1", "--access-logfile", path_, "--access-logformat",
                                       R"("%(r)s" %(s)s %(b)s)"});
    return site_.Start(arguments, 1);
  }

  [[nodiscard]] bool HasLine(const std::string& line) const {
    return WaitFor(
        [&] { return ("\n" + ContentOf(path_)).find("\n" + line + "\n") != std::string::npos; });
  }

  Site site_;
  std::string path_ = site_.dir().File("access.log");
};

class TimedOut : public Unhappy, public testing::WithParamInterface<const char*> {};

TEST_P(TimedOut, RequestIsInBothLogs) {
  ServerProcess& server = Start({"-t", "1", "--set", "database.timeout=0.5", "--set",
                                 fmt::format("database.scheduler={}", GetParam())});
  const pid_t worker = server.workers().front();
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(PostForm("/stuck_add/?note=7", "name=stuck")));
  EXPECT_TRUE(HasLine("\"POST /stuck_add/?note=7 HTTP/1.1\" 500 0")) << ContentOf(path_);
  const std::string line = fmt::format(
      "\\[{0}\\] \\[ERROR\\] Aborted worker \\(pid:{0}\\) was at POST /stuck_add/\\?note=7 "
      "of 127\\.0\\.0\\.1 for [0-9]+ ms; connections lost: 1; "
      "a database\\.statement_timeout ends long statements sooner\n",
      worker);
  EXPECT_TRUE(Matches(server.log(), line)) << server.log();
}

INSTANTIATE_TEST_SUITE_P(Schedulers, TimedOut, testing::Values("busy", "retry", "fifo", "group"),
                         [](const auto& named) { return named.param; });

class CutOffWhileStuck : public Unhappy, public testing::WithParamInterface<int> {};

// Inside SQLite, where no signal but ABRT is heard.
TEST_P(CutOffWhileStuck, RequestIsInBothLogs) {
  ServerProcess& server = Start({"--graceful-timeout", "1"});
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(PostForm("/stuck_add/?cut", "name=stuck")));
  ASSERT_TRUE(WaitFor([&] { return site_.WorkerOf(client) != 0; }));
  server.Signal(GetParam());
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_TRUE(HasLine("\"POST /stuck_add/?cut HTTP/1.1\" 500 0")) << ContentOf(path_);
  EXPECT_TRUE(server.LogHas("was at POST /stuck_add/?cut of 127.0.0.1")) << server.log();
}

INSTANTIATE_TEST_SUITE_P(Signals, CutOffWhileStuck, testing::Values(SIGTERM, SIGINT),
                         [](const auto& named) { return sigabbrev_np(named.param); });

TEST_F(Unhappy, WorkerThatIsAbortedWithoutARequestSaysSo) {
  ServerProcess& server = Start({});
  const pid_t worker = server.workers().front();
  kill(worker, SIGABRT);
  EXPECT_TRUE(WaitFor([&] {
    return server.LogHas(fmt::format("Aborted worker (pid:{}) had no request in hand", worker));
  })) << server.log();
}

TEST_F(Unhappy, RequestThatDoesNotArriveInTimeHasItsLine) {
  ServerProcess& server = Start({"--header-timeout", "0.3"});
  RawClient silent(server.port());
  ASSERT_TRUE(silent.Send("GET /count/?late HTTP/1.1\r\nHost"));
  const std::size_t page = silent.ReadAnswer().body.size();
  EXPECT_GT(page, 0U);
  EXPECT_TRUE(HasLine(fmt::format("\"GET /count/?late HTTP/1.1\" 408 {}", page)))
      << ContentOf(path_);
}

TEST_F(Unhappy, RequestThatCannotBeReadHasItsLine) {
  ServerProcess& server = Start({});
  const HttpAnswer bad = RawClient(server.port()).Ask("BAD\r\n\r\n");
  EXPECT_EQ(bad.status, 400);
  EXPECT_TRUE(HasLine(fmt::format("\"-\" 400 {}", bad.body.size()))) << ContentOf(path_);
  const HttpAnswer hostless = RawClient(server.port()).Ask("GET /x HTTP/1.1\r\n\r\n");
  EXPECT_EQ(hostless.status, 400);
  EXPECT_TRUE(HasLine(fmt::format("\"GET /x HTTP/1.1\" 400 {}", hostless.body.size())))
      << ContentOf(path_);
}

TEST_F(Unhappy, RefusedHeadHasNoPageAndNoOctets) {
  RawClient client(Start({}).port());
  ASSERT_TRUE(client.Send("HEAD /x HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(client.ReadAnswer(AnswerBody::kNone).status, 400);
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(HasLine("\"HEAD /x HTTP/1.1\" 400 0")) << ContentOf(path_);
}

TEST_F(Unhappy, ClientThatHangsUpHasItsLine) {
  ServerProcess& server = Start({});
  {
    RawClient client(server.port());
    ASSERT_TRUE(client.Send("POST /add/?half HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nna"));
  }
  EXPECT_TRUE(HasLine("\"POST /add/?half HTTP/1.1\" 499 0")) << ContentOf(path_);
}

TEST_F(Unhappy, ClientThatHangsUpWhileItsRequestWaitsHasItsLine) {
  ServerProcess& server = Start({"--set", "database.scheduler=group"});
  SqliteFile other(site_.database_path());
  other.Run("BEGIN IMMEDIATE");
  {
    RawClient client(server.port());
    ASSERT_TRUE(client.Send(PostForm("/add/?waits", "name=a")));
    EXPECT_TRUE(WaitFor([&] { return site_.WorkerOf(client) != 0; }));
    // A later request that is answered proves that the earlier one was read.
    EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
    client.Reset();  // an end of its sending alone would leave it waiting for the answer
  }
  EXPECT_TRUE(HasLine("\"POST /add/?waits HTTP/1.1\" 499 0")) << ContentOf(path_);
  other.Run("ROLLBACK");
}

TEST_F(Unhappy, ConnectionWithoutARequestHasNone) {
  ServerProcess& server = Start({});
  { RawClient client(server.port()); }
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/?last")).status, 200);
  EXPECT_TRUE(HasLine("\"GET /count/?last HTTP/1.1\" 200 13"));
  EXPECT_EQ(ContentOf(path_).find("499"), std::string::npos) << ContentOf(path_);
}

TEST_F(Unhappy, RequestThatAQuickStopCutsOffHasItsLine) {
  ServerProcess& server = Start({"--set", "database.scheduler=group"});
  SqliteFile other(site_.database_path());
  other.Run("BEGIN IMMEDIATE");
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(PostForm("/add/?cut", "name=a")));
  EXPECT_TRUE(WaitFor([&] { return site_.WorkerOf(client) != 0; }));
  // A later request that is answered proves that the earlier one was read.
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
  server.Signal(SIGQUIT);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_TRUE(HasLine("\"POST /add/?cut HTTP/1.1\" 500 0")) << ContentOf(path_);
}

}  // namespace
}  // namespace sqlicorn
