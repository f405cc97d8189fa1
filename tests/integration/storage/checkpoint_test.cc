// SPDX-License-Identifier: MIT
// The write-ahead log of a running server, and what is left of it after a stop.
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/processes.h"
#include "worker/sqlite/risks.h"

namespace sqlicorn {
namespace {

std::vector<std::string> Group(std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"--set", "database.scheduler=group", "--set",
                                        "database.pragmas.wal_autocheckpoint=20"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

// With a library that allows one: SQLICORN_SQLITE_AMALGAMATION.
class CheckpointerProcess : public testing::Test {
 protected:
  void SetUp() override {
    if (HasWalResetBug(LibraryVersionNumber())) {
      GTEST_SKIP() << "SQLite " << LibraryVersion() << " has the WAL-reset bug";
    }
  }

  // The checkpointer when it is not `before`; 0 when there is none in time.
  pid_t WaitForCheckpointer(pid_t before = 0) {
    pid_t now = 0;
    const bool came = WaitFor([&] {
      now = site_.server().checkpointer();
      return now != 0 && now != before && Catches(now, SIGTERM);
    });
    return came ? now : 0;
  }

  Site site_;
};

TEST_F(CheckpointerProcess, CutsTheLogWhileWorkersWrite) {
  ServerProcess& server = site_.Start(Group());
  ASSERT_NE(WaitForCheckpointer(), 0) << server.log();
  const std::uintmax_t before = std::filesystem::file_size(site_.database_path());
  Writers writers(server.port(), "/add/", 3);
  EXPECT_TRUE(WaitFor([&] {
    return writers.acknowledged() > 500 &&
           std::filesystem::file_size(site_.database_path()) > before;
  })) << server.log();
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
  // Four times 20 pages, and what one batch adds.
  EXPECT_LT(std::filesystem::file_size(site_.database_path() + "-wal"), 4096U * 200);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_FALSE(site_.dir().Has("test.db-wal"));
  EXPECT_EQ(site_.Ask("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(site_.Ask("SELECT count(*) FROM note"),
            std::to_string(writers.AcknowledgedNames().size()));
}

TEST_F(CheckpointerProcess, IsReplacedWhenItDiesAndAfterAReload) {
  ServerProcess& server = site_.Start(Group());
  const pid_t first = WaitForCheckpointer();
  ASSERT_NE(first, 0);
  kill(first, SIGKILL);
  const pid_t second = WaitForCheckpointer(first);
  EXPECT_NE(second, 0) << server.log();
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done"); })) << server.log();
  EXPECT_NE(WaitForCheckpointer(second), 0) << server.log();
  EXPECT_EQ(server.workers().size(), 2U);
}

TEST_F(CheckpointerProcess, ThatStandsStillIsReplaced) {
  ServerProcess& server = site_.Start(Group({"-t", "1", "--set", "database.timeout=0.5"}));
  const pid_t first = WaitForCheckpointer();
  ASSERT_NE(first, 0);
  kill(first, SIGSTOP);
  EXPECT_NE(WaitForCheckpointer(first), 0) << server.log();
  EXPECT_TRUE(server.LogHas("CHECKPOINTER TIMEOUT"));
}

TEST_F(CheckpointerProcess, ReopensItsLogAndGoesWhenTold) {
  const std::string log = site_.dir().File("error.log");
  ServerProcess& server =
      site_.Launch({.config = SiteConfig(), .arguments = Group({"--error-logfile", log})});
  ASSERT_NE(WaitForCheckpointer(), 0);
  std::filesystem::rename(log, log + ".1");
  server.Signal(SIGUSR1);
  EXPECT_TRUE(WaitFor([&] { return site_.dir().Has("error.log"); }));
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_NE(ReadFile(log).value().find("Checkpointer exiting"), std::string::npos)
      << ReadFile(log).value();
}

TEST_F(CheckpointerProcess, GoesWithItsMaster) {
  ServerProcess& server = site_.Start(Group());
  const pid_t checkpointer = WaitForCheckpointer();
  ASSERT_NE(checkpointer, 0);
  server.Signal(SIGKILL);
  EXPECT_TRUE(WaitFor([&] { return server.alive().empty(); }));
}

TEST_F(CheckpointerProcess, IsNotThereWhereCheckpointsAreInline) {
  ServerProcess& server = site_.Start(Group({"--set", "database.checkpointer=inline"}));
  EXPECT_EQ(RawClient(server.port()).Ask(PostForm("/add/", "name=a")).status, 200);
  EXPECT_EQ(server.checkpointer(), 0);
  EXPECT_FALSE(server.LogHas("checkpointer"));
}

TEST(WriteAheadLog, ThatAReaderKeepsIsTalkedOf) {
  Site site;
  ServerProcess& server = site.Start(Group({"-w", "1"}), 1);
  SqliteFile reader(site.database_path());
  reader.Run("BEGIN; SELECT count(*) FROM note");
  Writers writers(server.port(), "/add/", 1);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("The write-ahead log has grown to "); }))
      << server.log();
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
  reader.Run("COMMIT");
}

// Two workers that close the database at the same instant leave its log to each other.
TEST(WriteAheadLog, IsGoneAfterEveryGracefulStop) {
  for (int i = 0; i < 20; ++i) {
    Site site;
    ServerProcess& server = site.Start({"-w", "3"}, 3);
    ASSERT_EQ(RawClient(server.port()).Ask(PostForm("/add/", "name=a")).status, 200);
    EXPECT_TRUE(site.dir().Has("test.db-wal"));
    server.Signal(SIGTERM);
    EXPECT_EQ(server.WaitForEnd(std::chrono::seconds(5)), "exit 0");
    EXPECT_FALSE(site.dir().Has("test.db-wal")) << "stop " << i << "\n" << server.log();
    EXPECT_TRUE(server.alive().empty());
  }
}

TEST(WriteAheadLog, OfAKilledWorkerIsGoneAfterTheStopToo) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "--graceful-timeout", "1"}, 1);
  RawClient client(server.port());
  ASSERT_EQ(client.Ask(PostForm("/add/", "name=a")).status, 200);
  ASSERT_TRUE(client.Send(PostForm("/stuck_add/", "name=b")));
  ASSERT_TRUE(WaitFor([&] {
    const auto probe = Connection::Open(site.database_path(), OpenMode::kReadWrite);
    return (*probe)->Execute("BEGIN IMMEDIATE").busy();
  }));
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_TRUE(server.LogHas("graceful_timeout was over")) << server.log();
  EXPECT_FALSE(site.dir().Has("test.db-wal")) << server.log();
  EXPECT_EQ(site.Ask("SELECT group_concat(name) FROM note"), "a");
}

TEST(WriteAheadLog, StaysWhereAnotherProgramHasTheDatabaseOpen) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1"}, 1);
  ASSERT_EQ(RawClient(server.port()).Ask(PostForm("/add/", "name=a")).status, 200);
  SqliteFile reader(site.database_path());
  reader.Run("BEGIN; SELECT count(*) FROM note");
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(std::chrono::seconds(5)), "exit 0");
  EXPECT_TRUE(site.dir().Has("test.db-wal"));
  reader.Run("COMMIT");
}

}  // namespace
}  // namespace sqlicorn
