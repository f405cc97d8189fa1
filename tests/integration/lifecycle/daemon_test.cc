// SPDX-License-Identifier: MIT
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

// A server in the background: launched, found by its pid file, ended with the test.
class Daemon {
 public:
  Daemon() {
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // an orphan of the launcher is ours to reap
  }

  ~Daemon() {
    if (pid() != 0 && InfoOf(pid()).pid != 0) {
      kill(pid(), SIGKILL);
    }
    EXPECT_TRUE(WaitFor([] {
      while (waitpid(-1, nullptr, WNOHANG) > 0) {
      }
      return waitpid(-1, nullptr, WNOHANG) < 0;  // no child is left
    }));
    prctl(PR_SET_CHILD_SUBREAPER, 0);
  }

  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // How the launcher ended.
  std::string Launch(std::vector<std::string> arguments = {}, std::function<void()> in_child = {}) {
    std::vector<std::string> all = {"-D", "-p", pidfile(), "--log-file", log_path()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return site_.Launch({.config = SiteConfig(), .arguments = all, .in_child = std::move(in_child)})
        .WaitForEnd();
  }

  [[nodiscard]] pid_t pid() const {
    const auto text = ReadFile(pidfile());
    return text ? std::atoi(text->c_str()) : 0;
  }

  [[nodiscard]] std::vector<pid_t> workers() const {
    std::vector<pid_t> pids;
    for (const ProcessInfo& info :
         FindProcesses([this](const ProcessInfo& p) { return p.parent == pid(); })) {
      pids.push_back(info.pid);
    }
    return pids;
  }

  [[nodiscard]] std::string log() const { return ReadFile(log_path()).value(); }

  [[nodiscard]] std::string launcher_said() { return site_.server().log(); }

  [[nodiscard]] int port() const {
    constexpr std::string_view kBefore = "Listening at: http://127.0.0.1:";
    const std::string text = log();
    const std::size_t at = text.rfind(kBefore);
    return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + kBefore.size());
  }

  void Configure(const std::string& config) const {
    EXPECT_TRUE(WriteFile(site_.dir().File("sqlicorn.toml"), config));
  }

  [[nodiscard]] std::string pidfile() const { return site_.dir().File("daemon.pid"); }

 private:
  [[nodiscard]] std::string log_path() const { return site_.dir().File("daemon.log"); }

  Site site_;
};

std::string TargetOf(pid_t pid, int fd) {
  std::error_code error;
  return std::filesystem::read_symlink(fmt::format("/proc/{}/fd/{}", pid, fd), error).string();
}

TEST(Daemon, ServesWhenItsLauncherHasEnded) {
  Daemon daemon;
  ASSERT_EQ(daemon.Launch(), "exit 0") << daemon.launcher_said();
  EXPECT_EQ(RawClient(daemon.port()).Ask(Get("/count/")).status, 200);
  EXPECT_NE(getsid(daemon.pid()), getsid(0));
  EXPECT_NE(getsid(daemon.pid()), daemon.pid()) << "it could get a controlling terminal";
}

TEST(Daemon, LetsGoOfTheStreamsOfItsLauncher) {
  Daemon daemon;
  ASSERT_EQ(daemon.Launch(), "exit 0") << daemon.launcher_said();
  std::vector<pid_t> all = daemon.workers();
  ASSERT_EQ(all.size(), 2U);
  all.push_back(daemon.pid());
  for (const pid_t pid : all) {
    for (const int fd : {0, 1, 2}) {
      EXPECT_TRUE(WaitFor([&] { return TargetOf(pid, fd) == "/dev/null"; })) << pid << ' ' << fd;
    }
  }
}

TEST(Daemon, KeepsTheStreamsWhenToldTo) {
  Daemon daemon;
  ASSERT_EQ(daemon.Launch({"-R"}), "exit 0") << daemon.launcher_said();
  EXPECT_TRUE(TargetOf(daemon.pid(), 2).ends_with("stderr.log"));
}

TEST(Daemon, ThatCannotStartIsReportedByItsLauncher) {
  Daemon daemon;
  EXPECT_EQ(daemon.Launch({"--set", "database.path=/nonexistent/x.db"}), "exit 1");
  EXPECT_NE(daemon.launcher_said().find("/nonexistent"), std::string::npos);
  EXPECT_EQ(daemon.pid(), 0) << "a pid file is left";
}

// Only workers cannot do without what is refused.
TEST(Daemon, WhoseWorkersCannotStartIsReportedByItsLauncherOnce) {
  Daemon daemon;
  const std::string end = daemon.Launch({}, [] {
    setenv("LD_PRELOAD", SQLICORN_FAULTS_LIBRARY, 1);
    setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
    setenv("SQLICORN_FAULT_EVENTFD", "refused", 1);
  });
  EXPECT_EQ(end, "exit 3") << daemon.launcher_said();
  constexpr const char* kError = "Error: Worker failed to boot\\. \\(.+\\)\n$";
  EXPECT_TRUE(Matches(daemon.launcher_said(), kError)) << daemon.launcher_said();
  EXPECT_EQ(CountOf(daemon.launcher_said(), "Error: "), 1U) << daemon.launcher_said();
  EXPECT_EQ(CountOf(daemon.log(), "Reason: Worker failed to boot."), 1U);
}

TEST(Daemon, LeavesTheServerThatHoldsThePidFileAlone) {
  Daemon daemon;
  ASSERT_EQ(daemon.Launch(), "exit 0") << daemon.launcher_said();
  const pid_t first = daemon.pid();
  EXPECT_EQ(daemon.Launch(), "exit 1");
  EXPECT_EQ(daemon.pid(), first);
  EXPECT_EQ(RawClient(daemon.port()).Ask(Get("/count/")).status, 200);
}

TEST(Daemon, ServesTheSocketsItsLauncherWasGiven) {
  const SocketAddress any = SocketAddress::Ip("127.0.0.1", 0).value();
  const UniqueFd given(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(bind(given.get(), any.raw(), any.length()), 0);
  ASSERT_EQ(listen(given.get(), 16), 0);
  Daemon daemon;
  const int fd = given.get();
  const std::string end = daemon.Launch({}, [fd] {
    const int kept = dup(fd);
    dup2(kept, 3);
    setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
    setenv("LISTEN_FDS", "1", 1);
  });
  ASSERT_EQ(end, "exit 0") << daemon.launcher_said();
  EXPECT_EQ(daemon.port(), SocketAddress::LocalOf(fd).port());
  EXPECT_EQ(RawClient(daemon.port()).Ask(Get("/count/")).status, 200);
}

TEST(Winch, SendsTheWorkersOfADaemonHomeUntilHup) {
  Daemon daemon;
  ASSERT_EQ(daemon.Launch(), "exit 0") << daemon.launcher_said();
  kill(daemon.pid(), SIGWINCH);
  EXPECT_TRUE(WaitFor([&] { return daemon.workers().empty(); })) << daemon.log();
  kill(daemon.pid(), SIGTTIN);
  EXPECT_TRUE(WaitFor([&] { return daemon.workers().size() == 1; })) << daemon.log();
  kill(daemon.pid(), SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return daemon.workers().size() == 2; })) << daemon.log();
  EXPECT_EQ(RawClient(daemon.port()).Ask(Get("/count/")).status, 200);
}

TEST(Winch, OutlastsAReloadThatFails) {
  Daemon daemon;
  ASSERT_EQ(daemon.Launch(), "exit 0") << daemon.launcher_said();
  // The launch is over with the first of the two workers.
  EXPECT_TRUE(WaitFor([&] { return CountOf(daemon.log(), "Booting worker") == 2; }));
  kill(daemon.pid(), SIGWINCH);
  EXPECT_TRUE(WaitFor([&] { return daemon.workers().empty(); })) << daemon.log();
  std::string config = SiteConfig();
  daemon.Configure(config.replace(config.find("FROM note"), 9, "FROM nota"));
  kill(daemon.pid(), SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return CountOf(daemon.log(), "Reload failed, ") == 1; }));
  kill(daemon.pid(), SIGTTIN);
  EXPECT_TRUE(WaitFor([&] { return CountOf(daemon.log(), "Booting worker") == 3; }))
      << daemon.log();
  EXPECT_EQ(daemon.workers().size(), 1U) << daemon.log();
}

TEST(Winch, DoesNothingInTheForeground) {
  Site site;
  ServerProcess& server = site.Start({"--log-level", "debug"});
  const std::vector<pid_t> before = server.workers();
  server.Signal(SIGWINCH);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("SIGWINCH ignored. Not daemonized"); }));
  EXPECT_EQ(server.workers(), before);
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
}

}  // namespace
}  // namespace sqlicorn
