// SPDX-License-Identifier: MIT
// What stands at the path of the database changes while it is served: a restore, a deployment, a
// careless rm. No write is acknowledged that is not in the file one finds there afterwards.
#include <algorithm>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReplaced = "has been replaced, and ";

class DatabasePlace : public testing::Test {
 protected:
  // Serves a database of one note, of which a backup is made, and adds two more.
  void Serve(const std::vector<std::string>& arguments = {}) {
    site_.Start(arguments);
    EXPECT_EQ(Add(), 200);
    SqliteFile(path()).Run(fmt::format("VACUUM INTO '{}'", backup()));
    EXPECT_EQ(Add(), 200);
    EXPECT_EQ(Add(), 200);
  }

  [[nodiscard]] ServerProcess& server() { return site_.server(); }

  [[nodiscard]] std::string path() const { return site_.database_path(); }

  [[nodiscard]] std::string backup() const { return site_.dir().File("backup.db"); }

  void Restore() { fs::rename(backup(), path()); }

  int Add() { return RawClient(server().port()).Ask(PostForm("/add/", "name=x")).status; }

  HttpAnswer Count() { return RawClient(server().port()).Ask(Get("/count/")); }

  // Both workers have looked: reads are refused too, whoever is asked.
  void ExpectRefusedEverywhere() {
    for (const pid_t worker : server().workers()) {
      const auto client = site_.ConnectBeside(worker);
      ASSERT_TRUE(WaitFor([&] { return client->Ask(Get("/count/")).status == 503; }));
      EXPECT_EQ(client->Ask(PostForm("/add/", "name=lost")).status, 503);
    }
  }

  // A worker dies, and none that would serve comes in its place.
  void KillOneForGood(std::string_view why) {
    const std::size_t told = CountOf(server().log(), why);
    const pid_t victim = server().workers().front();
    kill(victim, SIGKILL);
    EXPECT_TRUE(WaitFor([&] { return CountOf(server().log(), why) > told; })) << server().log();
  }

  void Stop() {
    server().Signal(SIGTERM);
    EXPECT_EQ(server().WaitForEnd(), "exit 0") << server().log();
  }

  void Hup(std::string_view answer) {
    const std::size_t told = CountOf(server().log(), answer);
    server().Signal(SIGHUP);
    EXPECT_TRUE(WaitFor([&] { return CountOf(server().log(), answer) > told; })) << server().log();
  }

  // Until the workers of before, who may still accept and answer while they leave, have gone.
  void Reload() {
    const std::vector<pid_t> before = server().workers();
    Hup("Reload done");
    EXPECT_TRUE(WaitFor([&] {
      const std::vector<pid_t> now = server().workers();
      return std::none_of(before.begin(), before.end(), [&](pid_t pid) {
        return std::find(now.begin(), now.end(), pid) != now.end();
      });
    })) << server().log();
  }

  void RemoveLog() {
    fs::remove(path() + "-wal");
    fs::remove(path() + "-shm");
  }

  void ExpectNotes(const std::string& path, int notes) {
    SqliteFile database(path);
    EXPECT_EQ(database.Ask("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(database.Ask("SELECT count(*) FROM note"), std::to_string(notes));
  }

  Site site_;
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
  ServerProcess& refused = site_.Launch({.config = SiteConfig()});
  EXPECT_EQ(refused.WaitForEnd(), "exit 1");
  EXPECT_TRUE(refused.LogHas(kReplaced)) << refused.log();
  RemoveLog();
  site_.Start();
  EXPECT_EQ(Count().body, R"([{"notes":1}])");
}

// Nobody was left to see it.
TEST_F(DatabasePlace, ReplacedAfterACrashIsRefusedByAStartUntilItsOldLogHasGone) {
  Serve();
  kill(-server().pid(), SIGKILL);
  EXPECT_EQ(server().WaitForEnd(), "signal 9");
  EXPECT_TRUE(WaitFor([&] { return server().alive().empty(); }));
  Restore();
  ServerProcess& refused = site_.Launch({.config = SiteConfig()});
  EXPECT_EQ(refused.WaitForEnd(), "exit 1");
  EXPECT_TRUE(refused.LogHas(kReplaced)) << refused.log();
  RemoveLog();
  site_.Start();
  EXPECT_EQ(Count().body, R"([{"notes":1}])");
}

// What one server has open, another one, and a second master, must share.
TEST_F(DatabasePlace, WithoutItsLogIsOpenedByNoOtherServer) {
  for (const std::vector<const char*>& removed :
       {std::vector{"-wal", "-shm"}, std::vector{"-shm"}, std::vector{"-wal"}}) {
    site_.Start();
    EXPECT_EQ(Add(), 200);
    for (const char* suffix : removed) {
      fs::remove(path() + suffix);
    }
    Site beside;
    ServerProcess& other =
        beside.Launch({.config = SiteConfig(), .arguments = {"--set", "database.path=" + path()}});
    EXPECT_EQ(other.WaitForEnd(), "exit 1");
    EXPECT_TRUE(other.LogHas("has been removed or replaced meanwhile")) << other.log();
    server().Signal(SIGUSR2);
    EXPECT_TRUE(WaitFor([&] { return server().LogHas("The second master (pid:"); }));
    EXPECT_TRUE(WaitFor([&] { return server().LogHas("has ended (exit code 1); this one"); }))
        << server().log();
    Stop();
  }
  ExpectNotes(path(), 3);
}

TEST_F(DatabasePlace, WithoutItsLogIsWholeSoonThoughAllAreKilled) {
  Serve();
  RemoveLog();
  const std::string copy = site_.dir().File("copy.db");
  EXPECT_TRUE(WaitFor([&] {
    fs::copy_file(path(), copy, fs::copy_options::overwrite_existing);
    return SqliteFile(copy).Ask("SELECT count(*) FROM note") == "3";
  }));
  kill(-server().pid(), SIGKILL);
  EXPECT_EQ(server().WaitForEnd(), "signal 9");
  EXPECT_TRUE(WaitFor([&] { return server().alive().empty(); }));
  ExpectNotes(path(), 3);
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

class DatabasePlaceWithout : public DatabasePlace,
                             public testing::WithParamInterface<const char*> {};

TEST_P(DatabasePlaceWithout, RefusesAllAndKeepsWhatWasAcknowledged) {
  Serve();
  fs::remove(path() + GetParam());
  EXPECT_EQ(Add(), 503);
  KillOneForGood(fmt::format("{}' has been removed or replaced while", GetParam()));
  EXPECT_TRUE(WaitFor([&] { return Count().status == 503; }));
  EXPECT_EQ(Add(), 503);
  Hup("Reload failed, the old configuration stays: ");
  EXPECT_FALSE(fs::exists(path() + GetParam()));
  Stop();
  ExpectNotes(path(), 3);
  site_.Start();
  EXPECT_EQ(Add(), 200);
}

INSTANTIATE_TEST_SUITE_P(Files, DatabasePlaceWithout, testing::Values("-wal", "-shm"),
                         [](const auto& named) { return std::string(named.param + 1); });

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
