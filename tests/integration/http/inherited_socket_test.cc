// SPDX-License-Identifier: MIT
// Sockets that a server does not bind itself: of its starter (fd://N, socket activation) and of the
// master before it (USR2).
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/service_manager.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

UniqueFd ListenAt(const SocketAddress& address) {
  UniqueFd fd(socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(bind(fd.get(), address.raw(), address.length()), 0);
  EXPECT_EQ(listen(fd.get(), 64), 0);
  return fd;
}

enum class Source { kBind, kReusePort, kDescriptor, kActivation };

bool IsFromOutside(Source source) {
  return source == Source::kDescriptor || source == Source::kActivation;
}

struct Way {
  const char* name;
  Source source;
  std::vector<std::string> arguments;

  friend void PrintTo(const Way& self, std::ostream* out) { *out << self.name; }
};

class InheritedSocket : public testing::TestWithParam<Way> {
 protected:
  // A server that listens at TCP and at a unix socket, and speaks to `manager_`.
  ServerProcess& Start(Source source, std::vector<std::string> arguments) {
    if (IsFromOutside(source)) {
      tcp_ = ListenAt(SocketAddress::Ip("127.0.0.1", 0).value());
      unix_ = ListenAt(SocketAddress::Unix(path_).value());
    }
    arguments.insert(arguments.end(), {"-p", pidfile_, "--set", "database.scheduler=group"});
    return site_.StartWith({.arguments = std::move(arguments),
                            .bind = "",
                            .in_child = [this, source] { HandOver(source); }});
  }

  // In the child that becomes the server. The numbers are out of each other's way.
  void HandOver(Source source) {
    manager_.SetEnvironment(std::chrono::hours(1));
    if (IsFromOutside(source)) {
      const int tcp = dup(tcp_.get());
      const int unix = dup(unix_.get());
      dup2(tcp, 53);
      dup2(unix, 54);
    }
    if (source == Source::kActivation) {
      dup2(53, 3);
      dup2(54, 4);
      close(53);
      close(54);
      setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
      setenv("LISTEN_FDS", "2", 1);
      setenv("LISTEN_FDNAMES", "a:b", 1);
    }
  }

  [[nodiscard]] int StatusAtPath() const {
    return RawClient(SocketAddress::Unix(path_).value()).Ask(Get("/count/")).status;
  }

  Site site_;
  std::string path_ = site_.dir().File("s.sock");
  std::string pidfile_ = site_.dir().File("pid");
  ServiceManager manager_{site_.dir().File("notify")};
  UniqueFd tcp_;
  UniqueFd unix_;
};

TEST_F(InheritedSocket, NamedByBindIsServedAndOtherAddressesAreNot) {
  ServerProcess& server =
      Start(Source::kDescriptor, {"-b", "fd://53", "-b", "127.0.0.1:1", "-b", "fd://54"});
  EXPECT_TRUE(server.LogHas(
      "[WARNING] server.bind: 127.0.0.1:1 ignored, the sockets are given by descriptor\n"));
  EXPECT_EQ(server.port(), SocketAddress::LocalOf(tcp_.get()).port());
  EXPECT_EQ(StatusAtPath(), 200);
}

TEST_F(InheritedSocket, SatisfiesCheckConfigWhichLeavesItAsItIs) {
  tcp_ = ListenAt(SocketAddress::Ip("127.0.0.1", 0).value());
  ServerProcess& server = site_.Launch({.config = SiteConfig(),
                                        .arguments = {"--check-config"},
                                        .bind = "fd://53",
                                        .in_child = [this] { dup2(tcp_.get(), 53); }});
  EXPECT_EQ(server.WaitForEnd(), "exit 0") << server.log();
  EXPECT_EQ(fcntl(tcp_.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(InheritedSocket, OfActivationIsServedInPlaceOfBindAndLeftBehind) {
  ServerProcess& server = Start(Source::kActivation, {"-b", "127.0.0.1:1"});
  EXPECT_TRUE(server.LogHas("[WARNING] server.bind: 127.0.0.1:1 ignored"));
  EXPECT_EQ(server.port(), SocketAddress::LocalOf(tcp_.get()).port());
  EXPECT_EQ(StatusAtPath(), 200);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_TRUE(site_.dir().Has("s.sock"));
}

TEST_F(InheritedSocket, OfActivationStaysWhenBindChanges) {
  ServerProcess& server = Start(Source::kActivation, {});
  ASSERT_TRUE(WriteFile(site_.dir().File("sqlicorn.toml"), SiteConfigAt({"127.0.0.1:1"})));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done"); })) << server.log();
  EXPECT_TRUE(server.LogHas("server.bind is ignored, the sockets are given by descriptor"));
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
  EXPECT_EQ(StatusAtPath(), 200);
}

TEST_P(InheritedSocket, GoesToTheNextMasterAndNoAnswerIsLost) {
  std::vector<std::string> arguments = GetParam().arguments;
  if (!IsFromOutside(GetParam().source)) {
    arguments.insert(arguments.end(), {"-b", "127.0.0.1:0", "-b", "unix:" + path_});
  }
  ServerProcess& server = Start(GetParam().source, arguments);
  const int port = server.port();
  Writers writers(port, "/immediate/", 3);
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > 10; }));
  server.Signal(SIGUSR2);
  EXPECT_TRUE(WaitFor([&] { return ReadFile(pidfile_ + ".2").ok(); })) << server.log();
  const pid_t successor = std::stoi(ReadFile(pidfile_ + ".2").value());
  EXPECT_TRUE(WaitFor([&] { return ServingWorkersOf(successor).size() == 2; })) << server.log();
  const std::string environment = ReadFile(fmt::format("/proc/{}/environ", successor)).value();
  EXPECT_NE(environment.find(fmt::format("SQLICORN_PID={}", server.pid())), std::string::npos);
  EXPECT_NE(environment.find("SQLICORN_FD="), std::string::npos);
  EXPECT_EQ(environment.find("LISTEN_"), std::string::npos);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_EQ(manager_.HearUntil("MAINPID=").find(fmt::format("MAINPID={}\n", successor)), 0U);
  EXPECT_TRUE(WaitFor([&] {
    const auto content = ReadFile(pidfile_);
    return content.ok() && *content == fmt::format("{}\n", successor);
  })) << server.log();
  EXPECT_EQ(server.port(), port);
  EXPECT_EQ(StatusAtPath(), 200);
  const int before = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > before + 10; }));
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_EQ(site_.Ask("SELECT count(*) FROM note"),
            std::to_string(writers.AcknowledgedNames().size()));
  kill(successor, SIGTERM);
  EXPECT_TRUE(WaitFor([&] { return server.alive().empty(); }));
  EXPECT_EQ(site_.dir().Has("s.sock"), IsFromOutside(GetParam().source));
}

const std::vector<Way> kWays = {
    {"BoundByTheMaster", Source::kBind, {}},
    {"WithReusePort", Source::kReusePort, {"--reuse-port"}},
    {"ByDescriptor", Source::kDescriptor, {"-b", "fd://53", "-b", "fd://54"}},
    {"OfActivation", Source::kActivation, {}}};

INSTANTIATE_TEST_SUITE_P(Ways, InheritedSocket, testing::ValuesIn(kWays),
                         [](const auto& named) { return named.param.name; });

}  // namespace
}  // namespace sqlicorn
