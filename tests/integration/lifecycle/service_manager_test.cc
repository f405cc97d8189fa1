// SPDX-License-Identifier: MIT
// What a service manager hears of a real server by sd_notify(3).
#include "tests/integration/service_manager.h"

#include <csignal>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

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
  ASSERT_TRUE(WaitFor([&] { return server().CountWorkersOfAll() == 4; }));
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
