// SPDX-License-Identifier: MIT
// Where the processes work, with which environment, and what they are called: chdir, raw_env,
// proc_name.
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/site.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

TEST(Chdir, IsWhereRelativePathsStartAndUsr2GoesBackFirst) {
  Site site;
  const TempDir& dir = site.dir();
  std::filesystem::create_directory(dir.File("work"));
  ServerProcess& server = site.StartWith(
      {.arguments = {"--chdir", "work", "-p", "pid", "-b", "unix:s", "--access-logfile", "a.log"},
       .in_child = [&dir] {
         if (chdir(dir.path().c_str()) != 0) {
           _exit(126);
         }
       }});
  for (const char* name : {"work/pid", "work/s", "work/a.log"}) {
    EXPECT_TRUE(dir.Has(name)) << name;
  }
  EXPECT_EQ(DirectoryOf(server.workers().front()), dir.File("work"));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done"); })) << server.log();
  server.Signal(SIGUSR2);
  EXPECT_TRUE(WaitFor([&] { return dir.Has("work/pid.2"); })) << server.log();
}

// --nope would end a program that reads its configuration with it.
TEST(RawEnv, IsSetForWorkersUndoneByHupAndNotForASuccessor) {
  Site site;
  ServerProcess& server = site.StartWith(
      {.config = SiteConfigWith("raw_env = ['TZ=XYZ-9', 'SQLICORN_CMD_ARGS=--nope']"),
       .arguments = {"-p", site.dir().File("pid")}});
  EXPECT_TRUE(server.LogHas(fmt::format("+0900] [{}] [INFO] Booting", server.workers().front())))
      << server.log();
  ASSERT_TRUE(WriteFile(site.dir().File("sqlicorn.toml"),
                        SiteConfigWith("raw_env = 'SQLICORN_CMD_ARGS=--nope'")));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done: 2 workers"); })) << server.log();
  const pid_t replacement = server.workers().back();
  EXPECT_TRUE(server.LogHas(fmt::format("] [{}] [INFO] Booting", replacement)));
  EXPECT_FALSE(server.LogHas(fmt::format("+0900] [{}] [INFO] Booting", replacement)));
  server.Signal(SIGUSR2);
  const std::string pidfile = site.dir().File("pid.2");
  EXPECT_TRUE(
      WaitFor([&] { return ReadFile(pidfile).ok() && ReadFile(pidfile)->ends_with('\n'); }));
  const std::string environment =
      ReadFile(fmt::format("/proc/{}/environ", std::stoi(ReadFile(pidfile).value()))).value();
  EXPECT_NE(environment.find("SQLICORN_PID="), std::string::npos);
  EXPECT_EQ(environment.find("SQLICORN_CMD_ARGS="), std::string::npos);
}

TEST(ProcName, OfEveryProcessChangesWithHup) {
  Site site;
  ServerProcess& server = site.StartWith({.config = SiteConfigWith("proc_name='one'")});
  EXPECT_EQ(TitleOf(server.pid()), "sqlicorn: master [one]");
  EXPECT_EQ(TitleOf(server.workers().front()), "sqlicorn: worker [one]");
  ASSERT_TRUE(WriteFile(site.dir().File("sqlicorn.toml"), SiteConfigWith("proc_name='two'")));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done"); })) << server.log();
  EXPECT_EQ(TitleOf(server.pid()), "sqlicorn: master [two]");
  EXPECT_EQ(TitleOf(server.workers().back()), "sqlicorn: worker [two]");
}

}  // namespace
}  // namespace sqlicorn
