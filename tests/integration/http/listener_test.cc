// SPDX-License-Identifier: MIT
// Where a server listens, and how its workers share what comes.
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/service_manager.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

int StatusAt(const SocketAddress& address) {
  return RawClient(address).Ask(Get("/count/")).status;
}

SocketAddress Loopback(const char* host, int port) {
  return SocketAddress::Ip(host, static_cast<std::uint16_t>(port)).value();
}

// A port of `host` that nobody else has, taken but not listened at.
UniqueFd TakePort(const char* host) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress any = Loopback(host, 0);
  EXPECT_EQ(bind(fd.get(), any.raw(), any.length()), 0);
  return fd;
}

// Free at every address, and none that the kernel gives to clients: one in TIME_WAIT would be in
// the way of 0.0.0.0.
int PortOfAllAddresses() {
  static int port = 12000 + getpid() % 10000;
  while (true) {
    const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const SocketAddress any = Loopback("0.0.0.0", ++port);
    if (bind(fd.get(), any.raw(), any.length()) == 0) {
      return port;
    }
  }
}

std::string BoundTo(const UniqueFd& fd) {
  return SocketAddress::LocalOf(fd.get()).ToString();
}

class ListenerTest : public testing::Test {
 protected:
  ServerProcess& StartAt(const std::vector<std::string>& binds) {
    return site_.StartWith({.config = SiteConfigAt(binds),
                            .arguments = {"--set", "database.scheduler=group"},
                            .bind = ""});
  }

  void ReloadAt(const std::vector<std::string>& binds) {
    ASSERT_TRUE(WriteFile(site_.dir().File("sqlicorn.toml"), SiteConfigAt(binds)));
    site_.server().Signal(SIGHUP);
  }

  bool LogComesToHave(const std::string& text) {
    return WaitFor([&] { return site_.server().LogHas(text); });
  }

  // The port that the log names after `before`.
  [[nodiscard]] int PortAfter(const std::string& before) {
    const std::string log = site_.server().log();
    const std::size_t at = log.rfind(before);
    return at == std::string::npos ? 0 : std::atoi(log.c_str() + at + before.size());
  }

  SocketAddress UnixAt(const char* name) const {
    return SocketAddress::Unix(site_.dir().File(name)).value();
  }

  Site site_;
};

TEST_F(ListenerTest, ServesTcpIpv6AndUnixTogether) {
  if (UniqueFd(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)).get() < 0) {
    GTEST_SKIP() << "no IPv6 here";
  }
  StartAt({"127.0.0.1:0", "[::1]:0", "unix:" + site_.dir().File("s.sock")});
  const int v6_port = PortAfter("http://[::1]:");
  EXPECT_TRUE(
      LogComesToHave(fmt::format("Listening at: http://127.0.0.1:{},http://[::1]:{},unix:{}",
                                 site_.server().port(), v6_port, site_.dir().File("s.sock"))));
  EXPECT_EQ(StatusAt(Loopback("127.0.0.1", site_.server().port())), 200);
  EXPECT_EQ(StatusAt(Loopback("::1", v6_port)), 200);
  EXPECT_EQ(StatusAt(UnixAt("s.sock")), 200);
  site_.server().Signal(SIGTERM);
  EXPECT_EQ(site_.server().WaitForEnd(), "exit 0");
  EXPECT_FALSE(site_.dir().Has("s.sock"));
}

TEST_F(ListenerTest, TakesAPortThatBecomesFreeWhileItWaits) {
  UniqueFd taken = TakePort("127.0.0.1");
  site_.Launch({.config = SiteConfigAt({BoundTo(taken)}), .bind = ""});
  EXPECT_TRUE(LogComesToHave("Connection in use: " + BoundTo(taken)));
  taken.Reset();
  EXPECT_TRUE(site_.server().WaitUntilReady(2)) << site_.server().log();
}

TEST_F(ListenerTest, EndsAtOnceWhenToldToWhileItWaitsForAPort) {
  const UniqueFd taken = TakePort("127.0.0.1");
  for (const int signal : {SIGTERM, SIGINT}) {
    site_.Launch({.config = SiteConfigAt({BoundTo(taken)}),
                  .arguments = {"-p", site_.dir().File("pid")},
                  .bind = ""});
    EXPECT_TRUE(LogComesToHave("Connection in use: " + BoundTo(taken)));
    const TimePoint told = Clock::now();
    site_.server().Signal(signal);
    EXPECT_EQ(site_.server().WaitForEnd(), "exit 0");
    EXPECT_LT(Clock::now() - told, std::chrono::seconds(3)) << "it tried to the end";
    EXPECT_FALSE(site_.dir().Has("pid"));
  }
}

TEST_F(ListenerTest, MovesToANewBindWithHupAndKeepsWhatBothHave) {
  const std::string old_path = site_.dir().File("old.sock");
  const std::string new_path = site_.dir().File("new.sock");
  ServerProcess& server = StartAt({"127.0.0.1:0", "unix:" + old_path});
  const int port = server.port();
  Writers writers(port, "/immediate/", 2);
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > 5; }));
  ReloadAt({"127.0.0.1:0", "unix:" + new_path});
  EXPECT_TRUE(LogComesToHave("Reload done")) << server.log();
  EXPECT_TRUE(
      server.LogHas(fmt::format("Listening at: http://127.0.0.1:{},unix:{}\n", port, new_path)));
  EXPECT_EQ(StatusAt(UnixAt("new.sock")), 200);
  EXPECT_FALSE(site_.dir().Has("old.sock"));
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
}

// From one address to all of them and back, at the same port.
TEST_F(ListenerTest, WidensAndNarrowsItsAddressWithHupAndLosesNoAnswer) {
  const int port = PortOfAllAddresses();
  StartAt({fmt::format("127.0.0.1:{}", port)});
  Writers writers(port, "/immediate/", 3);
  std::vector<std::string> hosts = {"0.0.0.0", "127.0.0.1"};
  if (UniqueFd(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)).get() >= 0) {
    hosts.insert(hosts.end(), {"[::]", "127.0.0.1"});
  }
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const int before = writers.acknowledged();
    EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > before + 20; }));
    ReloadAt({fmt::format("{}:{}", hosts[i], port)});
    EXPECT_TRUE(WaitFor([&] { return CountOf(site_.server().log(), "Reload done") == i + 1; }))
        << site_.server().log();
    const int expected = hosts[i] == "127.0.0.1" ? 0 : 200;
    EXPECT_TRUE(WaitFor([&] { return StatusAt(Loopback("127.0.0.2", port)) == expected; }))
        << hosts[i];
  }
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_EQ(writers.broken(), 0);
}

TEST_F(ListenerTest, RefusesTheOldPortOnceItsWorkersHaveGone) {
  ServerProcess& server = StartAt({"127.0.0.1:0"});
  const SocketAddress old = Loopback("127.0.0.1", server.port());
  ReloadAt({"127.0.0.2:0"});
  EXPECT_TRUE(LogComesToHave("Reload done")) << server.log();
  EXPECT_EQ(StatusAt(Loopback("127.0.0.2", PortAfter("http://127.0.0.2:"))), 200);
  EXPECT_TRUE(WaitFor([&] { return RawClient(old).closed(); }));
}

TEST_F(ListenerTest, GoesOnWhereItIsWhenTheNewBindIsTaken) {
  ServerProcess& server = StartAt({"127.0.0.1:0", "unix:" + site_.dir().File("s.sock")});
  const SocketAddress old = Loopback("127.0.0.1", server.port());
  const std::vector<pid_t> before = server.workers();
  const UniqueFd taken = TakePort("127.0.0.1");
  ReloadAt({"unix:" + site_.dir().File("new.sock"), BoundTo(taken)});
  EXPECT_TRUE(LogComesToHave(fmt::format(
      "Reload failed, the old configuration stays: cannot listen at {}: the address is in use",
      BoundTo(taken))));
  EXPECT_EQ(StatusAt(old), 200);
  EXPECT_EQ(StatusAt(UnixAt("s.sock")), 200);
  EXPECT_EQ(server.workers(), before);
  EXPECT_FALSE(site_.dir().Has("new.sock"));
}

TEST_F(ListenerTest, SharesItsConnectionsFairly) {
  ServiceManager manager(site_.dir().File("notify"));
  ServerProcess& server =
      site_.StartWith({.arguments = {"-w", "4"},
                       .in_child = [&manager] { manager.SetEnvironment(std::chrono::hours(1)); }},
                      4);
  for (std::string heard = manager.Hear(); heard.find("4 of 4 workers ready") == std::string::npos;
       heard = manager.Hear()) {
    ASSERT_NE(heard, "");
  }
  std::vector<std::size_t> before;
  for (const pid_t pid : server.workers()) {
    before.push_back(CountSockets(pid));
  }
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
  }
  for (const auto& client : clients) {
    EXPECT_EQ(client->Ask(Get("/count/")).status, 200);
  }
  std::vector<std::size_t> shares;
  for (const pid_t pid : server.workers()) {
    shares.push_back(CountSockets(pid) - before.at(shares.size()));
  }
  ASSERT_EQ(shares.size(), 4U);
  for (const std::size_t share : shares) {
    EXPECT_TRUE(share >= 15 && share <= 35) << fmt::format("{}", fmt::join(shares, " "));
  }
}

}  // namespace
}  // namespace sqlicorn
