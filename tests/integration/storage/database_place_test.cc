// SPDX-License-Identifier: MIT
// What stands at the path of the database changes while it is served: a restore, a deployment, a
// careless rm. No write is acknowledged that is not in the file one finds there afterwards.
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/served_database.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

constexpr const char* kReplaced = "has been replaced, and ";

class DatabasePlace : public ServedDatabase {
 protected:
  void ExpectRefusedStartUntilTheLogHasGone() {
    ServerProcess& refused = site_.Launch({.config = SiteConfig()});
    EXPECT_EQ(refused.WaitForEnd(), "exit 1");
    EXPECT_TRUE(refused.LogHas(kReplaced)) << refused.log();
    RemoveLog();
    site_.Start();
    EXPECT_EQ(Count().body, R"([{"notes":1}])");
  }
};

TEST_F(DatabasePlace, ReplacedIsRefusedByAReloadUntilItsOldLogHasGone) {
  Serve();
  Restore();
  EXPECT_EQ(Add(), 503);
  Hup("Reload failed, the old configuration stays: ");
  EXPECT_TRUE(server().LogHas(kReplaced)) << server().log();
  ExpectRefusedEverywhere();
  RemoveLog();
  Reload();
  EXPECT_EQ(Count().body, R"([{"notes":1}])");
  EXPECT_EQ(Add(), 200);
  Stop();
  ExpectNotes(path(), 2);
}

TEST_F(DatabasePlace, ReplacedIsServedByNoNewWorker) {
  Serve();
  fs::rename(path(), site_.dir().File("former.db"));
  Restore();
  KillOneForGood("has been moved, removed or replaced while it is served");
  EXPECT_TRUE(WaitFor([&] { return Count().status == 503; }));
  EXPECT_EQ(Add(), 503);
  fs::rename(site_.dir().File("former.db"), path());
  EXPECT_TRUE(WaitFor([&] { return server().workers().size() == 2 && Count().status == 200; }));
  EXPECT_EQ(Add(), 200);
  Stop();
  ExpectNotes(path(), 4);
}

TEST_F(DatabasePlace, ReplacedAndStoppedIsRefusedByAStartUntilItsOldLogHasGone) {
  Serve();
  Restore();
  EXPECT_EQ(Add(), 503);
  Stop();
  ExpectRefusedStartUntilTheLogHasGone();
}

// Nobody was left to see it.
TEST_F(DatabasePlace, ReplacedAfterACrashIsRefusedByAStartUntilItsOldLogHasGone) {
  Serve();
  KillAll();
  // The copy may get the inode that has just become free.
  fs::remove(path());
  fs::copy_file(backup(), path());
  ExpectRefusedStartUntilTheLogHasGone();
}

// The second server finds a log that is not the one of the file that it had open.
TEST_F(DatabasePlace, RestoredUnderTwoServersIsServedByBoth) {
  Serve();
  Site beside;
  ServerProcess& other =
      beside.StartWith({.config = SiteConfig(), .arguments = {"--set", "database.path=" + path()}});
  RemoveLog();
  Restore();
  Reload();
  EXPECT_EQ(Add(), 200);
  other.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return other.LogHas("Reload done"); })) << other.log();
  EXPECT_TRUE(WaitFor(
      [&] { return RawClient(other.port()).Ask(Get("/count/")).body == R"([{"notes":2}])"; }));
}

// Both at once: the second master is there before a worker has looked.
TEST_F(DatabasePlace, ReplacedIsServedByNoSecondMaster) {
  Serve();
  Restore();
  server().Signal(SIGUSR2);
  EXPECT_TRUE(WaitFor([&] { return server().LogHas("has ended (exit code 1); this one"); }))
      << server().log();
  EXPECT_TRUE(server().LogHas("is not the file that the master serves")) << server().log();
}

// As README.md describes it.
TEST_F(DatabasePlace, RestoredWhileStoppedIsServedAsItIs) {
  Serve();
  Stop();
  RemoveLog();
  Restore();
  site_.Start();
  EXPECT_EQ(Count().body, R"([{"notes":1}])");
}

// As README.md describes it.
TEST_F(DatabasePlace, RestoredIntoTheFileNeedsNoStop) {
  Serve();
  SqliteFile(path()).Run(
      fmt::format("ATTACH '{}' AS backup; BEGIN IMMEDIATE; DELETE FROM note;"
                  "INSERT INTO note SELECT * FROM backup.note; COMMIT; DETACH backup",
                  backup()));
  EXPECT_EQ(Count().body, R"([{"notes":1}])");
  EXPECT_EQ(Add(), 200);
}

TEST_F(DatabasePlace, InARollbackModeIsNotReadFromTwoFiles) {
  Serve({"--set", "database.pragmas.journal_mode=delete"});
  Restore();
  KillOneForGood("has been moved, removed or replaced while it is served");
  EXPECT_TRUE(WaitFor([&] { return Count().status == 503; }));
  EXPECT_EQ(Add(), 503);
  Reload();
  EXPECT_EQ(Count().body, R"([{"notes":1}])");
  EXPECT_EQ(Add(), 200);
}

TEST_F(DatabasePlace, BehindALinkIsOneFileUntilAReload) {
  const std::string link = site_.dir().File("current");
  for (const char* release : {"one", "two"}) {
    fs::create_directory(site_.dir().File(release));
  }
  fs::create_directory_symlink("one", link);
  ServerProcess& server = site_.Start({"--set", "database.path=" + link + "/app.db"});
  EXPECT_EQ(Add(), 200);
  fs::remove(link);
  fs::create_directory_symlink("two", link);
  const pid_t victim = server.workers().front();
  kill(victim, SIGKILL);
  const auto is_replaced = [&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 2 && now.front() != victim && now.back() != victim;
  };
  ASSERT_TRUE(WaitFor(is_replaced));
  for (const pid_t worker : server.workers()) {
    const auto client = site_.ConnectBeside(worker);
    EXPECT_EQ(client->Ask(PostForm("/add/", "name=x")).status, 200);
  }
  EXPECT_FALSE(fs::exists(link + "/app.db"));
  Reload();
  EXPECT_EQ(Count().body, R"([{"notes":0}])");
  Stop();
  ExpectNotes(site_.dir().File("one/app.db"), 3);
  ExpectNotes(site_.dir().File("two/app.db"), 0);
}

}  // namespace
}  // namespace sqlicorn
