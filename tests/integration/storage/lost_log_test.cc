// SPDX-License-Identifier: MIT
// The log of a database is removed while it is served. What was acknowledged is kept.
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/served_database.h"

namespace sqlicorn {
namespace {

class LostLog : public ServedDatabase {};

TEST_F(LostLog, IsWholeWhenAReaderHasClosedIt) {
  Serve();
  {
    SqliteFile reader(path());
    reader.Run("BEGIN");
    EXPECT_EQ(reader.Ask("SELECT count(*) FROM note"), "3");
    EXPECT_EQ(Add(), 200);
    RemoveLog();
    ExpectRefusedEverywhere();
    Stop();
    EXPECT_TRUE(server().LogHas("of the log that was removed cannot be copied")) << server().log();
    reader.Run("COMMIT");
  }
  ExpectNotes(path(), 4);
}

TEST_F(LostLog, LeavesAloneWhatAnotherProgramHasMadeThere) {
  Serve();
  RemoveLog();
  ExpectWholeSoon(3);
  SqliteFile another(path());
  another.Run("INSERT INTO note VALUES ('theirs')");
  Stop();
  EXPECT_EQ(another.Ask("SELECT count(*) FROM note"), "4");
  EXPECT_TRUE(fs::exists(path() + "-wal"));
}

// What one server has open, another one, and a second master, must share.
TEST_F(LostLog, IsOpenedByNoOtherServer) {
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

TEST_F(LostLog, IsWholeSoonThoughAllAreKilled) {
  Serve();
  RemoveLog();
  ExpectWholeSoon(3);
  KillAll();
  ExpectNotes(path(), 3);
}

class LostLogFile : public LostLog, public testing::WithParamInterface<const char*> {};

TEST_P(LostLogFile, RefusesAllAndKeepsWhatWasAcknowledged) {
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

INSTANTIATE_TEST_SUITE_P(Files, LostLogFile, testing::Values("-wal", "-shm"),
                         [](const auto& named) { return std::string(named.param + 1); });

}  // namespace
}  // namespace sqlicorn
