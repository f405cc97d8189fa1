// SPDX-License-Identifier: MIT
#include "worker/sqlite/pragmas.h"

#include <latch>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/config/pragma_rules.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

std::vector<PragmaSpec> Specs(const Settings& settings) {
  std::vector<PragmaSpec> specs;
  for (const auto& [name, value] : settings) {
    specs.push_back({name, value, Place{"x.toml", static_cast<unsigned>(specs.size() + 1), 5}});
  }
  return specs;
}

// "" or the error.
std::string Apply(Connection& connection, const Settings& settings, PragmaScope scope) {
  const Status applied = ApplyPragmas(connection, Specs(settings), scope);
  return applied ? "" : applied.error().message;
}

class Pragmas : public testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<Connection> Open() const {
    return OpenDatabase(directory_.File("x.db"));
  }

  // What the preparing process does before it closes the file again.
  [[nodiscard]] std::string Prepare(const Settings& settings) const {
    return Apply(*Open(), settings, PragmaScope::kPrepare);
  }

  TempDir directory_;
};

TEST_F(Pragmas, TakeEffectWhateverTheirOrder) {
  const Settings settings = {{"synchronous", "normal"},      {"journal_mode", "wal"},
                             {"auto_vacuum", "incremental"}, {"page_size", "8192"},
                             {"mmap_size", "134217728"},     {"foreign_keys", "on"}};
  ASSERT_EQ(Prepare(settings), "");
  const auto worker = Open();
  ASSERT_EQ(Apply(*worker, settings, PragmaScope::kConnection), "");
  const auto pairs = EffectivePragmas(*worker);
  const std::map<std::string, std::string> effective(pairs.begin(), pairs.end());
  for (const auto& [name, value] : settings) {
    EXPECT_EQ(effective.at(name), value) << name;
  }
}

// The numbers and kinds of the table, proved by the library itself.
TEST_F(Pragmas, AreReadBackInTheSpellingOfTheRules) {
  for (const PragmaRule& rule : PragmaRules()) {
    std::vector<std::string> values(rule.words.begin(), rule.words.end());
    if (values.empty()) {
      values.push_back(std::to_string(rule.min));
    }
    for (const std::string& value : values) {
      const TempDir fresh;
      const std::string path = fresh.File("x.db");
      const Settings settings = {{std::string(rule.name), value}};
      EXPECT_EQ(Apply(*OpenDatabase(path), settings, PragmaScope::kPrepare), "");
      EXPECT_EQ(Apply(*OpenDatabase(path), settings, PragmaScope::kConnection), "");
    }
  }
}

TEST_F(Pragmas, TakeExclusiveLockingToOneConnection) {
  for (const char* mode : {"wal", "delete"}) {
    const Settings settings = {{"journal_mode", mode}, {"locking_mode", "exclusive"}};
    ASSERT_EQ(Prepare(settings), "");
    const auto worker = Open();
    ASSERT_EQ(Apply(*worker, settings, PragmaScope::kConnection), "");
    Must(*worker, "CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)");
    EXPECT_TRUE(Open()->Execute("SELECT * FROM t").busy()) << mode;
  }
}

TEST_F(Pragmas, TakeOffTheJournalAndLeaveTheDefensiveMode) {
  const Settings settings = {{"journal_mode", "off"}};
  ASSERT_EQ(Prepare(settings), "");
  const auto worker = Open();
  ASSERT_EQ(Apply(*worker, settings, PragmaScope::kConnection), "");
  Must(*worker, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  EXPECT_EQ(Ask(*worker, "SELECT a FROM t"), "1");
  Must(*worker, "PRAGMA writable_schema = 1");
  EXPECT_FALSE(worker->Execute("DELETE FROM sqlite_schema").ok());
}

TEST_F(Pragmas, KeepThePageSizeOfANewFileWithoutASchema) {
  const Settings settings = {{"page_size", "16384"}, {"journal_mode", "delete"}};
  ASSERT_EQ(Prepare(settings), "");
  EXPECT_EQ(Apply(*Open(), settings, PragmaScope::kConnection), "");
}

TEST_F(Pragmas, CanBePreparedAgain) {
  for (const char* mode :
       {"wal", "delete", "truncate", "persist", "memory", "wal", "off", "wal", "wal"}) {
    const Settings settings = {{"page_size", "8192"}, {"journal_mode", mode}};
    ASSERT_EQ(Prepare(settings), "") << mode;
    const auto worker = Open();
    ASSERT_EQ(Apply(*worker, settings, PragmaScope::kConnection), "") << mode;
    EXPECT_EQ(Ask(*worker, "PRAGMA journal_mode"), mode);
  }
}

TEST_F(Pragmas, FailWhenThePageSizeComesTooLate) {
  ASSERT_EQ(Prepare({{"journal_mode", "wal"}}), "");
  EXPECT_EQ(Prepare({{"page_size", "8192"}}),
            "x.toml:1:5: pragma page_size: wanted 8192, found 4096: it is fixed once the database "
            "has content or is in WAL mode; set it on a new file, or VACUUM in a rollback journal "
            "mode");
}

TEST_F(Pragmas, FailWhenAWorkerFindsAnotherJournalMode) {
  ASSERT_EQ(Prepare({{"journal_mode", "delete"}}), "");
  const auto worker = Open();
  EXPECT_EQ(
      Apply(*worker, {{"synchronous", "full"}, {"journal_mode", "wal"}}, PragmaScope::kConnection)
          .substr(0, 57),
      "x.toml:2:5: pragma journal_mode: wanted wal, found delete");
  EXPECT_EQ(Ask(*worker, "PRAGMA journal_mode"), "delete");
}

TEST_F(Pragmas, SayWhyThereIsNoWal) {
  EXPECT_EQ(
      Apply(*OpenDatabase(":memory:"), {{"journal_mode", "wal"}}, PragmaScope::kPrepare),
      "x.toml:1:5: pragma journal_mode: wanted wal, found memory: a database in memory has no "
      "journal file");
}

TEST_F(Pragmas, SayThatAFileSystemWithoutSharedMemoryHasNoWal) {
  // Debian's and Ubuntu's SQLite take URIs; this VFS locks with files and maps no memory.
  const auto connection = OpenDatabase("file:" + directory_.File("x.db") + "?vfs=unix-dotfile");
  EXPECT_EQ(
      Apply(*connection, {{"journal_mode", "wal"}}, PragmaScope::kPrepare),
      "x.toml:1:5: pragma journal_mode: wanted wal, found delete: its file system cannot share "
      "memory between processes");
}

TEST_F(Pragmas, ReportAFileThatIsNoDatabase) {
  ASSERT_TRUE(WriteFile(directory_.File("x.db"), std::string(4096, 'x')));
  EXPECT_EQ(Prepare({}),
            "cannot read database '" + directory_.File("x.db") + "': file is not a database");
}

TEST_F(Pragmas, GiveUpTheJournalModeAfterTheTimeout) {
  const auto other = Open();
  Must(*other, "CREATE TABLE t (a); BEGIN IMMEDIATE");
  const auto connection = Open();
  connection->SetBusyWait(BusyWait::kBackoff, milliseconds(20));
  EXPECT_EQ(
      Apply(*connection, {{"journal_mode", "wal"}}, PragmaScope::kPrepare),
      "x.toml:1:5: pragma journal_mode: wanted wal, found delete: database is locked: another "
      "process has the database open, and only who is alone with it can change that; a server that "
      "runs on it has to be restarted for it, not reloaded");
  Must(*other, "ROLLBACK; PRAGMA journal_mode = wal; SELECT * FROM t");
  EXPECT_EQ(
      Apply(*connection, {{"journal_mode", "delete"}}, PragmaScope::kPrepare),
      "x.toml:1:5: pragma journal_mode: wanted delete, found wal: database is locked: another "
      "process has the database open, and only who is alone with it can change that; a server that "
      "runs on it has to be restarted for it, not reloaded");
}

TEST_F(Pragmas, WaitForTheJournalModeAsForALock) {
  auto other = Open();
  Must(*other, "PRAGMA journal_mode = wal; CREATE TABLE t (a)");
  const auto connection = Open();
  connection->SetBusyWait(BusyWait::kBackoff, kPatience);
  std::string result = "not yet";
  std::latch started(1);
  std::thread waiter([&connection, &result, &started] {
    started.count_down();
    result = Apply(*connection, {{"journal_mode", "delete"}}, PragmaScope::kPrepare);
  });
  started.wait();
  other.reset();
  waiter.join();
  EXPECT_EQ(result, "");
}

TEST_F(Pragmas, FailWhenTheLibraryClipsTheValue) {
  EXPECT_EQ(Apply(*Open(), {{"threads", "99999"}}, PragmaScope::kConnection).substr(0, 48),
            "x.toml:1:5: pragma threads: wanted 99999, found ");
}

TEST_F(Pragmas, SayWhatKeptThemFromBeingRead) {
  const auto other = Open();
  Must(*other, "CREATE TABLE t (a); BEGIN EXCLUSIVE");
  EXPECT_EQ(Apply(*Open(), {{"journal_mode", "wal"}}, PragmaScope::kConnection),
            "cannot read '" + directory_.File("x.db") +
                "': the database is locked by another program, which kept it for more than 0 s; "
                "end its transaction, or raise database.timeout");
}

}  // namespace
}  // namespace sqlicorn
