// SPDX-License-Identifier: MIT
// What a service manager hears of a real server by sd_notify(3).
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ServiceManager {
 public:
  explicit ServiceManager(const std::string& path)
      : path_(path), fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const SocketAddress address = SocketAddress::Unix(path).value();
    EXPECT_EQ(bind(fd_.get(), address.raw(), address.length()), 0);
  }

  // For the child that becomes the server.
  void SetEnvironment(Duration watchdog) const {
    setenv("NOTIFY_SOCKET", path_.c_str(), 1);
    const auto usec = std::to_string(watchdog / std::chrono::microseconds(1));
    setenv("WATCHDOG_USEC", usec.c_str(), 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    // The server was started without its path; USR2 looks for it.
    const std::string program = SQLICORNCTL_PROGRAM;
    setenv("PATH", program.substr(0, program.rfind('/')).c_str(), 1);
  }

  // The next datagram; "" when none comes within `limit`.
  std::string Hear(Duration limit = kPatience) {
    pollfd readable{fd_.get(), POLLIN, 0};
    if (poll(&readable, 1, static_cast<int>(limit / milliseconds(1))) != 1) {
      return "";
    }
    std::array<char, 1024> text{};
    const ssize_t got = recv(fd_.get(), text.data(), text.size(), 0);
    return got > 0 ? std::string(text.data(), static_cast<std::size_t>(got)) : "";
  }

  // The next datagram that starts so; all before it are passed over.
  std::string HearUntil(std::string_view start) {
    std::string text = Hear();
    while (!text.empty() && !text.starts_with(start)) {
      text = Hear();
    }
    return text;
  }

 private:
  std::string path_;
  UniqueFd fd_;
};

class ServiceManagerTest : public testing::Test {
 protected:
  // The watchdog is far away unless a test is about it.
  void Start(std::vector<std::string> arguments = {}, Duration watchdog = std::chrono::hours(1)) {
    site_.StartWith({.arguments = std::move(arguments),
                     .in_child = [this, watchdog] { manager_.SetEnvironment(watchdog); }});
  }

  [[nodiscard]] ServerProcess& server() { return site_.server(); }

  Site site_;
  ServiceManager manager_{site_.dir().File("notify")};
};

TEST_F(ServiceManagerTest, HearsReadyWhenARequestCanBeServed) {
  site_.Launch({.config = SiteConfig(),
                .in_child = [this] { manager_.SetEnvironment(std::chrono::hours(1)); }});
  ASSERT_NE(manager_.HearUntil("READY=1\nSTATUS="), "");
  RawClient client(server().port(), seconds(20));
  EXPECT_EQ(client.Ask(Get("/count/")).status, 200);
}

TEST_F(ServiceManagerTest, HearsOfAReloadAndItsEnd) {
  Start();
  ASSERT_NE(manager_.HearUntil("READY=1"), "");
  server().Signal(SIGHUP);
  EXPECT_NE(manager_.HearUntil("RELOADING=1\nMONOTONIC_USEC="), "");
  EXPECT_NE(manager_.HearUntil("READY=1"), "");
  EXPECT_TRUE(server().LogHas("Reload done"));
}

TEST_F(ServiceManagerTest, HearsOfAReloadThatFailed) {
  Start();
  ASSERT_NE(manager_.HearUntil("READY=1"), "");
  ASSERT_TRUE(WriteFile(site_.dir().File("sqlicorn.toml"), "nonsense"));
  server().Signal(SIGHUP);
  EXPECT_NE(manager_.HearUntil("RELOADING=1\n"), "");
  const std::string end = manager_.HearUntil("READY=1\n");
  EXPECT_NE(end.find("the last reload failed"), std::string::npos) << end;
}

TEST_F(ServiceManagerTest, HearsTheWorkerCountsAndTheStop) {
  Start();
  ASSERT_NE(manager_.HearUntil("READY=1"), "");
  server().Signal(SIGTTIN);
  EXPECT_NE(manager_.HearUntil("STATUS=3 of 3 workers ready"), "");
  server().Signal(SIGTERM);
  EXPECT_NE(manager_.HearUntil("STOPPING=1\nSTATUS=Stopping: "), "");
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
}

TEST_F(ServiceManagerTest, HearsTheWatchdogMoreOftenThanItAsksFor) {
  Start({}, milliseconds(500));
  ASSERT_NE(manager_.HearUntil("READY=1"), "");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(manager_.HearUntil("WATCHDOG=1"), "WATCHDOG=1");
  }
}

TEST_F(ServiceManagerTest, HearsWhoIsTheMasterAfterAnUpgrade) {
  Start({}, milliseconds(500));
  ASSERT_NE(manager_.HearUntil("READY=1"), "");
  server().Signal(SIGUSR2);
  ASSERT_TRUE(WaitFor([&] { return server().alive().size() == 6; }));
  server().Signal(SIGTERM);
  const std::string handed_over = manager_.HearUntil("MAINPID=");
  EXPECT_NE(handed_over.find("\nSTATUS=Handing over: "), std::string::npos) << handed_over;
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  const std::string promoted = manager_.HearUntil("MAINPID=");
  EXPECT_EQ(promoted, handed_over.substr(0, handed_over.find('\n')));
  EXPECT_NE(manager_.HearUntil("READY=1"), "");
  EXPECT_EQ(manager_.HearUntil("WATCHDOG=1"), "WATCHDOG=1");
}

}  // namespace
}  // namespace sqlicorn
