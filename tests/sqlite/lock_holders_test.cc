// SPDX-License-Identifier: MIT
#include "worker/sqlite/lock_holders.h"

#include <sys/stat.h>

#include <string>

#include <gtest/gtest.h>

#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kLocks =
    "1: POSIX  ADVISORY  READ 11 fe:00:7 1073741826 1073742335\n"
    "2: POSIX  ADVISORY  READ 11 fe:00:8 128 128\n"
    "3: POSIX  ADVISORY  READ 12 fe:00:7 1073741826 1073742335\n"
    "4: POSIX  ADVISORY  WRITE 13 fe:00:7 0 EOF\n"
    "4: -> POSIX  ADVISORY  WRITE 14 fe:00:7 0 EOF\n"
    "5: FLOCK  ADVISORY  WRITE 15 fe:00:7 0 EOF\n"
    "6: OFDLCK ADVISORY  READ  -1 fe:00:8 128 128\n"
    "7: POSIX  ADVISORY  READ 16 fe:01:8 128 128\n"
    "8: POSIX  ADVISORY  READ 17 fe:00:8 120 123\n"
    "9: POSIX  ADVISORY  READ 0 fe:00:8 128 128\n"
    "nonsense\n";

TEST(LockHolders, AreReadFromTheLocksOfTheSystem) {
  const LockHolders holders = ReadLockHolders(kLocks, "fe:00:7", "fe:00:8");
  EXPECT_EQ(holders.database, (std::set<pid_t>{11, 12, 13}));
  EXPECT_EQ(holders.exclusive, std::set<pid_t>{13});
  EXPECT_EQ(holders.index, std::set<pid_t>{11});
}

TEST(SharedLog, IsNotLookedForInAPipe) {
  const TempDir directory;
  const std::string path = directory.File("x.db");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_TRUE(CheckSharedLog(path));
}

}  // namespace
}  // namespace sqlicorn
