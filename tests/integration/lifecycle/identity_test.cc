// SPDX-License-Identifier: MIT
// Who the workers are, and whose the files are: user, group, umask; and settings of the process
// that are wrong.
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/site.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;

bool IsOfNobody(const std::string& path) {
  struct stat info {};

  return lstat(path.c_str(), &info) == 0 && info.st_uid == kNobody && info.st_gid != 0;
}

mode_t ModeOf(const std::string& path) {
  struct stat info {};

  EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
  return info.st_mode & 0777U;
}

// A server that root starts, in a directory of nobody's.
class AsNobody : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "only root can become another user";
    }
    ASSERT_EQ(chown(site_.dir().path().c_str(), kNobody, kNobody), 0);
  }

  ServerProcess& Start(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"--user", "nobody"});
    return site_.Start(arguments);
  }

  [[nodiscard]] std::string File(const std::string& name) const { return site_.dir().File(name); }

  Site site_;
};

TEST_F(AsNobody, WorkersHaveNothingOfRootAndTheMasterStaysRoot) {
  ServerProcess& server = site_.StartWith({.arguments = {"--user", "nobody"}, .in_child = [] {
                                             const std::vector<gid_t> groups = {0, 4, 27};
                                             setgroups(groups.size(), groups.data());
                                           }});
  EXPECT_EQ(StatusWords(server.pid(), "Uid"), "0 0 0 0");
  for (const pid_t worker : server.workers()) {
    EXPECT_EQ(StatusWords(worker, "Uid"), "65534 65534 65534 65534");
    EXPECT_EQ(StatusWords(worker, "Gid"), "65534 65534 65534 65534");
    EXPECT_EQ(StatusWords(worker, "Groups"), "65534");
    EXPECT_EQ(StatusWords(worker, "CapPrm"), "0000000000000000");
  }
}

TEST_F(AsNobody, TheDatabaseAndItsLogBelongToTheUser) {
  ServerProcess& server = Start();
  EXPECT_EQ(RawClient(server.port()).Ask(PostForm("/add/", "name=a")).status, 200);
  for (const char* name : {"test.db", "test.db-wal", "test.db-shm"}) {
    EXPECT_TRUE(IsOfNobody(File(name))) << name;
  }
}

TEST_F(AsNobody, SocketsBelongToTheUserButNotTheOneThatCommandsTheMaster) {
  Start({"-b", "unix:" + File("s"), "--control-socket", File("c")});
  EXPECT_TRUE(IsOfNobody(File("s")));
  EXPECT_FALSE(IsOfNobody(File("c")));
  EXPECT_EQ(ModeOf(File("c")), 0600U);
}

// Behaviour 16, with log files in a directory where only root may write.
TEST_F(AsNobody, LogsAreReopenedAfterUsr1) {
  fs::create_directory(File("logs"));
  fs::create_symlink("logs/error.log", File("stderr.log"));
  const std::string access = File("logs/access.log");
  ServerProcess& server = Start({"--log-file", File("logs/error.log"), "--access-logfile", access});
  EXPECT_TRUE(IsOfNobody(access));
  const std::vector<pid_t> workers = server.workers();
  fs::rename(access, access + ".1");
  fs::rename(File("logs/error.log"), File("logs/error.log.1"));
  server.Signal(SIGUSR1);
  EXPECT_TRUE(WaitFor([&] { return IsOfNobody(access) && IsOfNobody(File("logs/error.log")); }));
  server.Signal(SIGTTIN);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Handling signal: ttin"); }));
  const std::vector<pid_t> after = server.workers();
  EXPECT_TRUE(std::includes(after.begin(), after.end(), workers.begin(), workers.end()));
}

TEST_F(AsNobody, AWorkerStartsThoughItsLogWasMovedAway) {
  fs::create_directory(File("logs"));
  const std::string access = File("logs/access.log");
  ServerProcess& server = Start({"--access-logfile", access});
  fs::rename(access, access + ".1");
  const pid_t victim = server.workers().front();
  kill(victim, SIGKILL);
  EXPECT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 2 && now.front() != victim && Catches(now.back(), SIGTERM);
  }));
  EXPECT_TRUE(IsOfNobody(access));
  EXPECT_FALSE(server.LogHas("Worker failed to start"));
}

TEST_F(AsNobody, HupGivesNewWorkersAnotherGroup) {
  ServerProcess& server = site_.StartWith({.config = SiteConfigWith("user='nobody'")});
  ASSERT_TRUE(WriteFile(File("sqlicorn.toml"), SiteConfigWith("user = 'nobody'\ngroup = '12345'")));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done"); })) << server.log();
  EXPECT_EQ(StatusWords(server.workers().back(), "Gid"), "12345 12345 12345 12345");
}

TEST_F(AsNobody, QueriesAreMadeAsTheUser) {
  SqliteFile(site_.database_path()).Run("PRAGMA journal_mode = wal;");
  ASSERT_EQ(chmod(site_.database_path().c_str(), 0600), 0);
  ServerProcess& query = site_.Launch(
      {.config = SiteConfig(), .arguments = {"--user", "nobody", "--query", "SELECT 1"}});
  EXPECT_EQ(query.WaitForEnd(), "exit 1");
  EXPECT_TRUE(query.LogHas("unable to open database file")) << query.log();
  ServerProcess& root =
      site_.Launch({.config = SiteConfig(), .arguments = {"--query", "SELECT 1"}});
  EXPECT_EQ(root.WaitForEnd(), "exit 0");
}

TEST_F(AsNobody, AnIdentityThatTheSystemRefusesStopsTheStart) {
  ServerProcess& server =
      site_.Launch({.config = SiteConfig(), .arguments = {"--user", "nobody"}, .in_child = [] {
                      prctl(PR_CAPBSET_DROP, CAP_SETGID);
                    }});
  EXPECT_EQ(server.WaitForEnd(), "exit 1");
  EXPECT_TRUE(server.LogHas("cannot become user 65534, group 65534: setgroups: Operation not"))
      << server.log();
  EXPECT_EQ(server.port(), 0);
}

TEST_F(AsNobody, AMasterThatIsNotRootMayNameOnlyItself) {
  const auto become = [] {
    if (setgroups(0, nullptr) != 0 || setgid(kNobody) != 0 || setuid(kNobody) != 0) {
      _exit(126);
    }
  };
  site_.StartWith({.arguments = {"--user", "nobody"}, .in_child = become});
  ServerProcess& other =
      site_.Launch({.config = SiteConfig(), .arguments = {"--user", "root"}, .in_child = become});
  EXPECT_EQ(other.WaitForEnd(), "exit 1");
  EXPECT_TRUE(other.LogHas("Error: only root can give the workers another user")) << other.log();
}

TEST(Root, IsWarnedOfOnceAndOnlyWhenNothingWasSaid) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root has workers that are root";
  }
  constexpr std::string_view kWarning = "[WARNING] Workers run as root";
  Site site;
  const std::string log = site.Start().log();
  EXPECT_NE(log.find(kWarning), std::string::npos);
  EXPECT_EQ(log.find(kWarning), log.rfind(kWarning));
  EXPECT_FALSE(site.Start({"-u", "root"}).LogHas(kWarning));
}

// One setting that cannot be had: an argument at the start, a line of the file at a reload.
struct Mistake {
  const char* name;
  const char* flag;
  const char* value;
  const char* line;
  const char* error;

  friend void PrintTo(const Mistake& self, std::ostream* out) { *out << self.name; }
};

class WrongIdentity : public testing::TestWithParam<Mistake> {};

TEST_P(WrongIdentity, StopsTheStartBeforeAnythingIsBound) {
  Site site;
  ServerProcess& server =
      site.Launch({.config = SiteConfig(),
                   .arguments = {GetParam().flag, GetParam().value, "-p", site.dir().File("pid")}});
  EXPECT_EQ(server.WaitForEnd(), "exit 1");
  EXPECT_TRUE(server.log().starts_with("Error: ")) << server.log();
  EXPECT_TRUE(server.LogHas(GetParam().error)) << server.log();
  EXPECT_EQ(server.port(), 0);
  EXPECT_FALSE(site.dir().Has("pid"));
  EXPECT_FALSE(site.dir().Has("test.db"));
}

TEST_P(WrongIdentity, LeavesARunningServerAlone) {
  Site site;
  ServerProcess& server = site.Start();
  const std::vector<pid_t> before = server.workers();
  ASSERT_TRUE(WriteFile(site.dir().File("sqlicorn.toml"), SiteConfigWith(GetParam().line)));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] {
    return server.LogHas("[ERROR] Reload failed, the old configuration stays: ");
  })) << server.log();
  EXPECT_TRUE(server.LogHas(GetParam().error)) << server.log();
  EXPECT_EQ(server.workers(), before);
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
}

const std::vector<Mistake> kMistakes = {
    {"User", "-u", "nobdy", "user = 'nobdy'", "No such user: 'nobdy'"},
    {"Group", "-g", "nogrup", "group = 'nogrup'", "No such group: 'nogrup'"},
    {"Chdir", "--chdir", "/absent", "chdir = '/absent'", "can't chdir to '/absent': No such"},
    {"RawEnv", "-e", "PATH", "raw_env = 'PATH'", "server.raw_env: 'PATH': write NAME=VALUE"},
    {"Umask", "-m", "0800", "umask = '0800'", "server.umask must be permissions"}};

INSTANTIATE_TEST_SUITE_P(Mistakes, WrongIdentity, testing::ValuesIn(kMistakes),
                         [](const auto& named) { return named.param.name; });

// Behaviour 47.
TEST(Umask, DecidesThePermissionsOfUnixSockets) {
  const std::vector<std::pair<std::string, mode_t>> cases = {
      {"0", 0777}, {"007", 0770}, {"0177", 0600}};
  for (const auto& [mask, mode] : cases) {
    Site site;
    site.Start({"-m", mask, "-b", "unix:" + site.dir().File("s")});
    EXPECT_EQ(ModeOf(site.dir().File("s")), mode) << mask;
  }
}

}  // namespace
}  // namespace sqlicorn
