// SPDX-License-Identifier: MIT
// Settings that name a file of somebody else, or one of another setting.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/refusal.h"
#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

TEST(FileClash, APidFileNeverReplacesAnotherDatabase) {
  const Site other;
  SqliteFile(other.database_path()).Run("CREATE TABLE t (x); INSERT INTO t VALUES (1);");
  Site site;
  site.Launch({.config = SiteConfig(), .arguments = {"-p", other.database_path()}});
  ExpectRefusal(site, "exit 1", "server\\.pidfile = '.*': a file that is too long");
  EXPECT_EQ(other.Ask("SELECT x FROM t"), "1");
}

// The database under another name: the paths differ, the inode is one.
TEST(FileClash, ALogNeverGrowsIntoTheDatabaseByAnotherName) {
  Site site;
  MakeValid(site);
  const std::string alias = site.dir().File("alias");
  for (const auto make : {link, symlink}) {
    ASSERT_EQ(make(site.database_path().c_str(), alias.c_str()), 0);
    const std::string before = ReadFile(site.database_path()).value();
    for (const char* flag : {"--log-file", "--access-logfile"}) {
      site.Launch({.config = SiteConfig(), .arguments = {flag, alias}});
      ExpectRefusal(site, "exit 1", "log = '.*/alias' is the same file as database\\.path");
    }
    EXPECT_EQ(ReadFile(site.database_path()).value(), before);
    unlink(alias.c_str());
  }
}

TEST(FileClash, BothLogsMayBeOneFile) {
  Site site;
  const std::string log = site.dir().File("both.log");
  site.Launch(
      {.config = SiteConfig(),
       .arguments = {"--log-file", log, "--access-logfile", log, "-p", site.dir().File("pid")}});
  EXPECT_TRUE(WaitFor([&] { return site.dir().Has("pid"); }));
  site.server().Signal(SIGTERM);
  EXPECT_EQ(site.server().WaitForEnd(), "exit 0");
}

TEST(FileClash, AnEmptyFileBecomesThePidFile) {
  Site site;
  const std::string pid = site.dir().File("pid");
  ASSERT_TRUE(WriteFile(pid, ""));
  const ServerProcess& server = site.Start({"-p", pid});
  EXPECT_EQ(ReadFile(pid).value(), std::to_string(server.pid()) + "\n");
}

}  // namespace
}  // namespace sqlicorn
