// SPDX-License-Identifier: MIT
// USR2: a second master beside the first.
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "tests/integration/in_flight.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class Upgraded : public testing::Test {
 protected:
  // USR2 starts what stands at bin/sqlicorn of the site.
  void Start(std::vector<std::string> arguments = {}) {
    const fs::path built = SQLICORNCTL_PROGRAM;
    fs::create_directory(site_.dir().File("bin"));
    Install(built.parent_path() / "sqlicorn");
    arguments.insert(arguments.end(), {"-p", pidfile()});
    const std::string path = site_.dir().File("bin");
    site_.StartWith({.arguments = std::move(arguments),
                     .in_child = [&path] { setenv("PATH", path.c_str(), 1); }});
  }

  void Install(const fs::path& program) {
    fs::remove(site_.dir().File("bin/sqlicorn"));
    fs::create_symlink(program, site_.dir().File("bin/sqlicorn"));
  }

  [[nodiscard]] static pid_t PidIn(const std::string& path) {
    const auto text = ReadFile(path);
    return text ? std::atoi(text->c_str()) : 0;
  }

  // The second master, when its workers serve.
  [[nodiscard]] pid_t Upgrade(pid_t master) {
    kill(master, SIGUSR2);
    EXPECT_TRUE(WaitFor([this] {
      const pid_t second = PidIn(pidfile() + ".2");
      return second != 0 && ServingWorkersOf(second).size() == 2;
    })) << server().log();
    return PidIn(pidfile() + ".2");
  }

  // As its pid file says, within about a second.
  [[nodiscard]] bool IsPromoted(pid_t second) const {
    return WaitFor([&] { return PidIn(pidfile()) == second; }, seconds(2)) &&
           !site_.dir().Has("pid.2");
  }

  [[nodiscard]] ServerProcess& server() { return site_.server(); }

  [[nodiscard]] std::string pidfile() const { return site_.dir().File("pid"); }

  [[nodiscard]] int StatusOfCount() { return RawClient(port()).Ask(Get("/count/")).status; }

  [[nodiscard]] int port() { return server().port(); }

  Site site_;
};

TEST_F(Upgraded, StartsAChildThatAnswersOnTheSamePort) {
  Start();
  const pid_t second = Upgrade(server().pid());
  EXPECT_EQ(InfoOf(second).parent, server().pid());
  EXPECT_EQ(PidIn(pidfile()), server().pid());
  std::vector<pid_t> workers = ServingWorkersOf(second);
  for (const pid_t pid : ServingWorkersOf(server().pid())) {
    workers.push_back(pid);
  }
  std::set<pid_t> masters;
  std::vector<std::unique_ptr<RawClient>> clients;
  EXPECT_TRUE(WaitFor([&] {
    clients.push_back(std::make_unique<RawClient>(port()));
    EXPECT_EQ(clients.back()->Ask(Get("/count/")).status, 200);
    const pid_t worker = OwnerOfConnection(workers, clients.back()->local_port(), port());
    masters.insert(InfoOf(worker).parent);
    return masters == std::set<pid_t>{server().pid(), second};
  }));
}

TEST_F(Upgraded, IsRefusedByBothMastersWhileTheyAreTwo) {
  Start();
  const pid_t second = Upgrade(server().pid());
  server().Signal(SIGUSR2);
  EXPECT_TRUE(WaitFor([&] { return server().LogHas("USR2 signal ignored. Child exists."); }));
  kill(second, SIGUSR2);
  EXPECT_TRUE(WaitFor([&] { return server().LogHas("USR2 signal ignored. Parent exists."); }));
  EXPECT_EQ(server().alive().size(), 6U);
}

class RollBack : public Upgraded, public testing::WithParamInterface<int> {};

TEST_P(RollBack, LeavesTheFirstMasterAsItWas) {
  Start();
  const std::vector<pid_t> workers = server().workers();
  const pid_t second = Upgrade(server().pid());
  kill(second, GetParam());
  EXPECT_TRUE(WaitFor([&] { return server().workers() == workers; })) << server().log();
  EXPECT_TRUE(WaitFor([&] { return !site_.dir().Has("pid.2"); }));
  const std::string end = GetParam() == SIGKILL ? "SIGKILL" : "exit code 0";
  const std::string line = fmt::format(
      "[WARNING] The second master (pid:{}) has ended ({}); this one goes on\n", second, end);
  EXPECT_TRUE(WaitFor([&] { return server().LogHas(line); })) << server().log();
  // Workers of a master that was killed accept until they have noticed.
  EXPECT_TRUE(WaitFor([&] { return server().alive().size() == 1 + workers.size(); }));
  EXPECT_EQ(PidIn(pidfile()), server().pid());
  EXPECT_EQ(StatusOfCount(), 200);
  EXPECT_NE(Upgrade(server().pid()), second);
}

INSTANTIATE_TEST_SUITE_P(Signals, RollBack, testing::Values(SIGTERM, SIGQUIT, SIGKILL),
                         [](const auto& named) { return sigabbrev_np(named.param); });

TEST_F(Upgraded, AndTermOfTheFirstMasterLosesNoRequest) {
  Start({"--set", "database.scheduler=group"});
  Writers writers(port(), "/immediate/", 3);
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > 20; }));
  const pid_t second = Upgrade(server().pid());
  server().Signal(SIGTERM);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  EXPECT_TRUE(IsPromoted(second)) << server().log();
  const int after = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > after + 20; }));
  writers.Stop();
  EXPECT_EQ(writers.broken(), 0);
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_EQ(site_.Ask("SELECT count(*) FROM note"),
            std::to_string(writers.AcknowledgedNames().size()));
}

// Connections wait in the queue of the socket, which never closes.
TEST_F(Upgraded, AndTermBeforeTheSecondMasterServesLosesNoRequest) {
  Start();
  Writers writers(port(), "/immediate/", 3);
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > 20; }));
  server().Signal(SIGUSR2);
  EXPECT_TRUE(WaitFor([&] { return server().LogHas("Second master started"); }));
  server().Signal(SIGTERM);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  const int after = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > after + 20; })) << server().log();
  writers.Stop();
  EXPECT_EQ(writers.broken(), 0);
}

TEST_F(Upgraded, IsNoNewsWhenItEndsWhileTheFirstMasterStops) {
  Start();
  const auto client = BeginBody(port());
  kill(server().pid(), SIGUSR2);
  ASSERT_TRUE(WaitFor([&] { return PidIn(pidfile() + ".2") != 0; }));
  const pid_t second = PidIn(pidfile() + ".2");
  server().Signal(SIGTERM);
  ASSERT_TRUE(WaitFor([&] { return server().LogHas("Handling signal: term"); }));
  kill(second, SIGKILL);
  EXPECT_TRUE(WaitFor([&] {
    return server().LogHas(
        fmt::format("[INFO] The second master (pid:{}) has ended (SIGKILL)\n", second));
  })) << server().log();
  EXPECT_EQ(FinishBody(*client).status, 200);
  client->Reset();
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
}

class Promotion : public Upgraded, public testing::WithParamInterface<int> {};

TEST_P(Promotion, FollowsTheEndOfTheFirstMasterAndAllowsTheNextUpgrade) {
  Start();
  const pid_t second = Upgrade(server().pid());
  server().Signal(GetParam());
  EXPECT_NE(server().WaitForEnd(), "running");
  EXPECT_TRUE(IsPromoted(second)) << server().log();
  const pid_t third = Upgrade(second);
  EXPECT_EQ(InfoOf(third).parent, second);
  EXPECT_EQ(StatusOfCount(), 200);
  kill(second, SIGTERM);
  EXPECT_TRUE(IsPromoted(third)) << server().log();
}

INSTANTIATE_TEST_SUITE_P(Signals, Promotion, testing::Values(SIGTERM, SIGQUIT, SIGKILL),
                         [](const auto& named) { return sigabbrev_np(named.param); });

bool Connects(const std::string& path) {
  const SocketAddress address = SocketAddress::Unix(path).value();
  const UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(fd.get(), address.raw(), address.length()) == 0;
}

TEST_F(Upgraded, KeepsTheUnixSocketUntilTheLastMasterEnds) {
  const std::string path = site_.dir().File("http.sock");
  Start({"-b", "unix:" + path});
  const pid_t undone = Upgrade(server().pid());
  kill(undone, SIGTERM);
  EXPECT_TRUE(WaitFor([&] { return InfoOf(undone).pid == 0; }));
  EXPECT_TRUE(Connects(path)) << "after a roll-back";
  const pid_t second = Upgrade(server().pid());
  server().Signal(SIGTERM);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  EXPECT_TRUE(IsPromoted(second));
  EXPECT_TRUE(Connects(path)) << "after a promotion";
  kill(second, SIGTERM);
  EXPECT_TRUE(WaitFor([&] { return server().alive().empty(); }));
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(Upgraded, WithAProgramThatEndsAtOnceChangesNothing) {
  Start();
  const std::vector<pid_t> workers = server().workers();
  const fs::path good = fs::read_symlink(site_.dir().File("bin/sqlicorn"));
  Install("/bin/false");
  server().Signal(SIGUSR2);
  EXPECT_TRUE(
      WaitFor([&] { return server().LogHas("has ended (exit code 1); this one goes on"); }));
  EXPECT_FALSE(site_.dir().Has("pid.2"));
  EXPECT_EQ(server().workers(), workers);
  EXPECT_EQ(StatusOfCount(), 200);
  Install(good);
  EXPECT_NE(Upgrade(server().pid()), 0);
}

TEST_F(Upgraded, WithAConfigurationThatIsBrokenByNowChangesNothing) {
  Start();
  const std::vector<pid_t> workers = server().workers();
  ASSERT_TRUE(WriteFile(site_.dir().File("sqlicorn.toml"), "nonsense"));
  server().Signal(SIGUSR2);
  EXPECT_TRUE(
      WaitFor([&] { return server().LogHas("has ended (exit code 1); this one goes on"); }));
  EXPECT_FALSE(site_.dir().Has("pid.2"));
  EXPECT_EQ(server().workers(), workers);
  EXPECT_EQ(StatusOfCount(), 200);
}

}  // namespace
}  // namespace sqlicorn
