// SPDX-License-Identifier: MIT
#include "worker/sqlite/database_place.h"

#include <sys/xattr.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

struct Case {
  const char* name;
  DatabaseFiles here;
  std::uint64_t expected;
  std::vector<DatabaseFiles> open;
  std::string_view verdict;  // part of it; "" = it may be opened
};

TEST(JudgeFiles, LetsAProcessOpenWhatTheOthersHaveOpen) {
  const Case cases[] = {
      {"nobody has it open", {1, 0, 0}, 0, {}, ""},
      {"left by a crash", {1, 2, 3}, 1, {}, ""},
      {"beside another", {1, 2, 3}, 1, {{1, 2, 3}}, ""},
      {"a rollback mode", {1, 0, 0}, 1, {{1, 0, 0}}, ""},
      {"one was opened before the log was made", {1, 2, 3}, 1, {{1, 0, 0}}, ""},
      {"beside another database", {1, 2, 3}, 1, {{7, 8, 9}}, ""},
      {"a database that is to be made", {0, 0, 0}, 0, {{7, 8, 9}}, ""},
      {"replaced", {5, 2, 3}, 1, {}, "has been moved, removed or replaced while"},
      {"gone", {0, 2, 3}, 1, {}, "has been moved, removed or replaced while"},
      {"its log has gone", {1, 0, 3}, 1, {{1, 2, 3}}, "-wal' has been removed or replaced"},
      {"its log is another", {1, 4, 3}, 0, {{1, 2, 3}}, "-wal' has been removed or replaced"},
      {"its index has gone", {1, 2, 0}, 1, {{1, 2, 3}}, "-shm' has been removed or replaced"},
      {"only one differs", {1, 2, 4}, 1, {{1, 2, 4}, {1, 2, 3}}, "-shm' has been removed"},
      {"the log of another", {5, 2, 9}, 0, {{1, 2, 3}}, "belong to the file that was there before"},
      {"the index of another", {5, 0, 3}, 5, {{1, 2, 3}}, "belong to the file that was there"},
  };
  for (const Case& c : cases) {
    const Status judged = JudgeFiles("x.db", c.here, c.expected, c.open);
    const std::string error = judged ? "" : judged.error().message;
    EXPECT_EQ(error.empty(), c.verdict.empty()) << c.name << ": " << error;
    EXPECT_NE(error.find(c.verdict), std::string::npos) << c.name << ": " << error;
  }
}

class PlaceOfDatabase : public testing::Test {
 protected:
  PlaceOfDatabase() {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      Write(suffix);
    }
    place_.Remember(path_);
  }

  void Write(const char* suffix) { ASSERT_TRUE(WriteFile(path_ + suffix, "x")); }

  TempDir directory_;
  const std::string path_ = directory_.File("x.db");
  DatabasePlace place_;
};

TEST_F(PlaceOfDatabase, IsLostWithAnyOfItsFiles) {
  EXPECT_TRUE(place_.Look().ok());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const std::string aside = directory_.File("aside");
    std::filesystem::rename(path_ + suffix, aside);
    EXPECT_EQ(place_.Look().name(), "SQLITE_READONLY_DBMOVED") << suffix;
    Write(suffix);
    EXPECT_EQ(place_.Look().name(), "SQLITE_READONLY_DBMOVED") << suffix;
    EXPECT_EQ(place_.last().name(), "SQLITE_READONLY_DBMOVED") << suffix;
    std::filesystem::rename(aside, path_ + suffix);
    EXPECT_TRUE(place_.Look().ok()) << suffix;
  }
}

TEST_F(PlaceOfDatabase, KnowsWhetherALogIsThatOfItsSuccessor) {
  if (setxattr(path_.c_str(), "user.sqlicorn.try", "", 0, 0) != 0) {
    GTEST_SKIP() << "this file system has no extended attributes";
  }
  EXPECT_TRUE(CheckLogIsOurs(path_));
  MarkLog(path_);
  EXPECT_TRUE(CheckLogIsOurs(path_));
  const std::string aside = directory_.File("aside");
  std::filesystem::rename(path_, aside);
  Write("");
  EXPECT_FALSE(CheckLogIsOurs(path_));
  std::filesystem::rename(aside, path_);
  EXPECT_TRUE(CheckLogIsOurs(path_));
}

TEST_F(PlaceOfDatabase, TakesALogThatWasCopiedWithItsDatabase) {
  MarkLog(path_);
  const std::string copy = directory_.File("copy.db");
  for (const char* suffix : {"", "-wal"}) {
    EXPECT_EQ(std::system(("cp --preserve=all " + path_ + suffix + " " + copy + suffix).c_str()),
              0);
  }
  EXPECT_TRUE(CheckLogIsOurs(copy));
  EXPECT_TRUE(CheckLogIsOurs(path_));
}

}  // namespace
}  // namespace sqlicorn
