// SPDX-License-Identifier: MIT
// The connections that a worker has to read on, beside its own.
#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"
#include "worker/open_database.h"

namespace sqlicorn {
namespace {

class OpenReaderTest : public testing::Test {
 protected:
  explicit OpenReaderTest(const std::string& pragmas = "")
      : settings_(
            ConfigOf("database.path = \"t.db\"\n[database.pragmas]\n" + pragmas, directory_.path())
                .database) {
    const auto made = OpenDatabase(settings_.path);
    Must(*made, "PRAGMA journal_mode = wal; CREATE TABLE t (v)");
    auto first = OpenDatabase(settings_);
    EXPECT_TRUE(first) << ErrorOf(first);
    first_ = std::move(first).value();
  }

  std::unique_ptr<Connection> Open() {
    auto reader = OpenReader(settings_, {}, *first_);
    EXPECT_TRUE(reader) << ErrorOf(reader);
    return std::move(reader).value();
  }

  TempDir directory_;
  DatabaseSettings settings_;
  std::unique_ptr<Connection> first_;
};

TEST_F(OpenReaderTest, WritesNothing) {
  const auto reader = Open();
  EXPECT_EQ(reader->Execute("INSERT INTO t VALUES (1)").name(), "SQLITE_READONLY");
  EXPECT_EQ(Ask(*reader, "SELECT count(*) FROM t"), "0");
}

TEST_F(OpenReaderTest, LeavesTheLogAloneAlsoWhenItClosesLast) {
  Must(*first_, "INSERT INTO t VALUES (1)");
  auto reader = Open();
  EXPECT_EQ(Ask(*reader, "SELECT count(*) FROM t"), "1");
  first_.reset();
  reader.reset();
  EXPECT_TRUE(directory_.Has("t.db-wal"));
}

TEST_F(OpenReaderTest, KeepsALittleOfTheDatabase) {
  EXPECT_EQ(Ask(*Open(), "PRAGMA cache_size"), "-1000");
}

TEST_F(OpenReaderTest, IsRefusedWhenAnotherDatabaseHasComeInItsPlace) {
  std::filesystem::rename(settings_.path, directory_.File("old.db"));
  std::filesystem::rename(settings_.path + "-wal", directory_.File("old.db-wal"));
  std::filesystem::rename(settings_.path + "-shm", directory_.File("old.db-shm"));
  Must(*OpenDatabase(settings_.path), "CREATE TABLE t (v)");
  EXPECT_FALSE(OpenReader(settings_, {}, *first_));
}

TEST_F(OpenReaderTest, DoesNotWaitForALock) {
  settings_.timeout = 60;
  Must(*first_, "PRAGMA locking_mode = exclusive; INSERT INTO t VALUES (1)");
  const TimePoint start = Clock::now();
  static_cast<void>(OpenReader(settings_, {}, *first_));
  EXPECT_LT(Clock::now() - start, seconds(20));
}

class ConfiguredReader : public OpenReaderTest {
 protected:
  ConfiguredReader() : OpenReaderTest("cache_size = -4000\nforeign_keys = true\n") {}
};

TEST_F(ConfiguredReader, HasThePragmasOfTheDatabase) {
  const auto reader = Open();
  EXPECT_EQ(Ask(*reader, "PRAGMA cache_size"), "-4000");
  EXPECT_EQ(Ask(*reader, "PRAGMA foreign_keys"), "1");
}

}  // namespace
}  // namespace sqlicorn
