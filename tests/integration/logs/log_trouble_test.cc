// SPDX-License-Identifier: MIT
// Log targets that go away or take nothing, and lines that come too often.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "tests/integration/log_testing.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

bool Answers(int port) {
  return RawClient(port).Ask(Get("/count/")).status == 200;
}

// A server whose standard output and error, and with them both of its logs, are one pipe.
class LogPipe : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    reader_ = UniqueFd(ends[0]);
    writer_ = UniqueFd(ends[1]);
    fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
    fcntl(writer_.get(), F_SETPIPE_SZ, 4096);
  }

  void Start() {
    const int writer = writer_.get();
    server_ = &site_.Launch({.config = SiteConfig(),
                             .arguments = {"--access-logfile", "-"},
                             .bind = fmt::format("127.0.0.1:{}", port_),
                             .in_child = [writer] {
                               dup2(writer, STDOUT_FILENO);
                               dup2(writer, STDERR_FILENO);
                             }});
    ASSERT_TRUE(WaitFor([this] { return Answers(port_) && server_->workers().size() == 2; }));
  }

  void ExpectServesReloadsAndStops() {
    for (int i = 0; i < 300; ++i) {
      ASSERT_TRUE(Answers(port_)) << i;
    }
    const std::vector<pid_t> before = server_->workers();
    server_->Signal(SIGUSR1);
    server_->Signal(SIGHUP);
    EXPECT_TRUE(WaitFor([&] {
      const std::vector<pid_t> now = server_->workers();
      return now.size() == 2 && now.front() != before.front() && now.back() != before.back();
    }));
    EXPECT_TRUE(Answers(port_));
    server_->Signal(SIGTERM);
    EXPECT_EQ(server_->WaitForEnd(), "exit 0");
  }

  std::string Drain() {
    std::string text;
    std::array<char, 65536> buffer{};
    for (ssize_t got = 0; (got = read(reader_.get(), buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

  Site site_;
  UniqueFd reader_;
  UniqueFd writer_;
  int port_ = UnusedPort();
  ServerProcess* server_ = nullptr;
};

TEST_F(LogPipe, ThatNobodyReadsBlocksNobody) {
  Start();
  ExpectServesReloadsAndStops();
}

TEST_F(LogPipe, ThatIsReadAgainTellsHowManyLinesAreLost) {
  Start();
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(Answers(port_));
  }
  std::string text = Drain();
  EXPECT_TRUE(WaitFor([&] {
    EXPECT_TRUE(Answers(port_));
    text += Drain();
    return text.find("lines of the access log could not be written and are lost") !=
           std::string::npos;
  })) << text;
}

TEST_F(LogPipe, WhoseReaderHasGoneEndsNobody) {
  Start();
  reader_.Reset();
  ExpectServesReloadsAndStops();
}

TEST_F(LogPipe, KeepsItsModeForThoseWhoShareIt) {
  Start();
  EXPECT_EQ(fcntl(writer_.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(FullDisk, LosesLinesOnly) {
  Site site;
  const int port = UnusedPort();
  ServerProcess& server =
      site.Launch({.config = SiteConfig(),
                   .arguments = {"--access-logfile", "/dev/full", "--error-logfile", "/dev/full"},
                   .bind = fmt::format("127.0.0.1:{}", port)});
  ASSERT_TRUE(WaitFor([&] { return Answers(port); }));
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(Answers(port));
  }
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_EQ(CountOf(server.log(),
                    "[WARNING] the error log '/dev/full' takes no lines (No space left "
                    "on device); they are lost until it does\n"),
            1U)
      << server.log();
}

TEST(FullDisk, OfTheAccessLogIsToldInTheErrorLog) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "--access-logfile", "/dev/full"}, 1);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(Answers(server.port()));
  }
  constexpr const char* kTold = "[WARNING] the access log takes no lines (No space left on device)";
  EXPECT_TRUE(WaitFor([&] { return server.LogHas(kTold); })) << server.log();
  EXPECT_EQ(CountOf(server.log(), kTold), 1U);
}

class AbsentSyslog : public testing::TestWithParam<const char*> {};

TEST_P(AbsentSyslog, IsToldAtTheStartAndAtAReloadAndTheServerServes) {
  Site site;
  ServerProcess& server = site.Start({"--log-syslog", "--log-syslog-to", GetParam()});
  const std::string told =
      fmt::format("[WARNING] server.syslog_addr = '{}': nobody takes lines there (", GetParam());
  EXPECT_EQ(CountOf(server.log(), told), 1U) << server.log();
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done"); }));
  EXPECT_EQ(CountOf(server.log(), told), 2U) << server.log();
  EXPECT_TRUE(Answers(server.port()));
}

// Nobody listens at port 1.
INSTANTIATE_TEST_SUITE_P(Targets, AbsentSyslog,
                         testing::Values("unix:///absent/log", "udp://127.0.0.1:1",
                                         "tcp://127.0.0.1:1"));

TEST(Syslog, GetsTheLinesOfBothLogs) {
  Site site;
  const std::string path = site.dir().File("syslog");
  const SocketAddress address = SocketAddress::Unix(path).value();
  const UniqueFd daemon(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ASSERT_EQ(bind(daemon.get(), address.raw(), address.length()), 0);
  ServerProcess& server =
      site.Start({"--log-syslog", "--log-syslog-to", "unix://" + path, "--log-syslog-facility",
                  "local3", "--log-syslog-prefix", "app"});
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/?q=1")).status, 200);
  std::string text;
  constexpr const char* kAccess =
      "<158>sqlicorn\\.app\\.access: \\[[0-9]+\\] 127\\.0\\.0\\.1 - - \\[.*\\] "
      "\"GET /count/\\?q=1 ";
  EXPECT_TRUE(WaitFor([&] {
    std::array<char, 4096> buffer{};
    ssize_t got = 0;
    while ((got = recv(daemon.get(), buffer.data(), buffer.size(), 0)) > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got - 1)) += '\n';
    }
    return Matches(text, kAccess);
  })) << text;
  EXPECT_NE(text.find(fmt::format("<158>sqlicorn.app.error: [{}] Listening at: ", server.pid())),
            std::string::npos)
      << text;
}

TEST(RepeatedLines, AreCountedBeyondTenASecond) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1"}, 1);
  constexpr int kRequests = 300;
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_EQ(RawClient(server.port()).Ask("BAD\r\n\r\n").status, 400);
  }
  constexpr std::string_view kMore = "[WARNING] … and ";
  int told = 0;
  EXPECT_TRUE(WaitFor([&] {
    const std::string log = server.log();
    told = static_cast<int>(CountOf(log, "Invalid request from"));
    for (const std::string& line : LinesOf(log)) {
      const std::size_t at = line.find(kMore);
      told += at == std::string::npos ? 0 : std::stoi(line.substr(at + kMore.size()));
    }
    return told == kRequests;
  })) << told
      << server.log();
  EXPECT_TRUE(server.LogHas(" more like it: invalid requests\n"));
}

}  // namespace
}  // namespace sqlicorn
