// SPDX-License-Identifier: MIT
#include "worker/sqlite/risks.h"

#include <linux/magic.h>
#include <sys/statfs.h>

#include <string>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "tests/sqlite/test_database.h"
#include "worker/sqlite/database_file.h"

namespace sqlicorn {
namespace {

constexpr int kFixed = 3051003;
constexpr int kBuggy = 3040001;

std::vector<std::string> Risks(const std::string& journal_mode, const std::string& synchronous) {
  return RisksOfSettings({{"journal_mode", journal_mode}, {"synchronous", synchronous}}, 2, kFixed);
}

TEST(RisksOfSettings, AreNoneForADurableChoice) {
  for (const char* mode : {"wal", "delete", "truncate", "persist"}) {
    EXPECT_TRUE(Risks(mode, "normal").empty()) << mode;
  }
}

TEST(RisksOfSettings, NameWhatACrashDoes) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(Risks("wal", "off"), Lines{"synchronous = off: a power loss can corrupt the database"});
  EXPECT_EQ(Risks("memory", "full"),
            Lines{"journal_mode = memory: a crash during a write can corrupt the database"});
  EXPECT_EQ(Risks("off", "off"),
            (Lines{"journal_mode = off: a crash during a write, or a rollback, can corrupt the "
                   "database",
                   "synchronous = off: a power loss can corrupt the database"}));
}

TEST(RisksOfSettings, NameTheWalResetBugWhereItCanHappen) {
  const auto risks = RisksOfSettings({{"journal_mode", "wal"}}, 2, kBuggy);
  ASSERT_EQ(risks.size(), 1U);
  EXPECT_NE(risks[0].find("https://sqlite.org/wal.html#walresetbug"), std::string::npos);
  EXPECT_TRUE(RisksOfSettings({{"journal_mode", "wal"}}, 1, kBuggy).empty());
  EXPECT_TRUE(RisksOfSettings({{"journal_mode", "delete"}}, 2, kBuggy).empty());
  EXPECT_TRUE(RisksOfSettings({{"journal_mode", "wal"}}, 2, kFixed).empty());
}

class FileSystems : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(SetLogTarget(log_)); }

  void TearDown() override { ASSERT_TRUE(SetLogTarget("-")); }

  static DatabaseSettings Settings(const std::string& path, const std::string& journal_mode) {
    DatabaseSettings settings;
    settings.path = path;
    settings.pragmas = {{"journal_mode", journal_mode, Place{}}};
    return settings;
  }

  [[nodiscard]] std::string Logged() const { return *ReadFile(log_); }

  [[nodiscard]] bool Warned(const std::string& text) const {
    return Logged().find("[WARNING] " + text) != std::string::npos;
  }

  TempDir directory_;
  const std::string log_ = directory_.File("log");
};

TEST_F(FileSystems, WithoutSharedMemoryHaveNoWal) {
  for (const std::uint32_t magic :
       {std::uint32_t{NFS_SUPER_MAGIC}, std::uint32_t{SMB_SUPER_MAGIC},
        std::uint32_t{CIFS_SUPER_MAGIC}, std::uint32_t{SMB2_SUPER_MAGIC}, std::uint32_t{V9FS_MAGIC},
        std::uint32_t{FUSE_SUPER_MAGIC}, std::uint32_t{CEPH_SUPER_MAGIC},
        std::uint32_t{AFS_SUPER_MAGIC}, std::uint32_t{AFS_FS_MAGIC},
        std::uint32_t{CODA_SUPER_MAGIC}, std::uint32_t{NCP_SUPER_MAGIC},
        std::uint32_t{OCFS2_SUPER_MAGIC}}) {
    EXPECT_FALSE(CheckFileSystem(Settings("/x.db", "wal"), magic)) << magic;
    EXPECT_TRUE(CheckFileSystem(Settings("/x.db", "delete"), magic)) << magic;
  }
  EXPECT_EQ(
      CheckFileSystem(Settings("/x.db", "wal"), NFS_SUPER_MAGIC).error().message,
      "database '/x.db': journal_mode = wal is not safe on NFS, which need not show processes "
      "each other's memory and locks; put the database on a local disk, or use journal_mode "
      "= \"delete\" (or database.unsafe = true to have it all the same)");
  EXPECT_EQ(Logged(), "");
}

TEST_F(FileSystems, MayHaveWalAllTheSameWithAWarning) {
  DatabaseSettings settings = Settings("/x.db", "wal");
  settings.unsafe = true;
  EXPECT_TRUE(CheckFileSystem(settings, FUSE_SUPER_MAGIC));
  EXPECT_TRUE(Warned("database '/x.db': journal_mode = wal is not safe on FUSE")) << Logged();
}

TEST_F(FileSystems, ThatForgetAreWarnedAbout) {
  for (const std::uint32_t magic : {std::uint32_t{TMPFS_MAGIC}, std::uint32_t{RAMFS_MAGIC},
                                    std::uint32_t{OVERLAYFS_SUPER_MAGIC}}) {
    EXPECT_TRUE(CheckFileSystem(Settings("/" + std::to_string(magic), "delete"), magic));
    EXPECT_TRUE(Warned("database '/" + std::to_string(magic) + "': it is on ")) << Logged();
  }
}

TEST_F(FileSystems, OfLocalDisksAreFine) {
  for (const std::uint32_t magic : {std::uint32_t{EXT4_SUPER_MAGIC}, std::uint32_t{XFS_SUPER_MAGIC},
                                    std::uint32_t{BTRFS_SUPER_MAGIC}}) {
    EXPECT_TRUE(CheckFileSystem(Settings("/x.db", "wal"), magic));
  }
  EXPECT_EQ(Logged(), "");
}

TEST_F(FileSystems, AreAskedForByTheCheckOfTheFile) {
  struct statfs info {};

  if (statfs("/dev/shm", &info) != 0 || info.f_type != TMPFS_MAGIC) {
    GTEST_SKIP() << "/dev/shm is no tmpfs here";
  }
  EXPECT_TRUE(
      CheckDatabaseFile(Settings("/dev/shm/sqlicorn-never-made.db", "wal"), OpenMode::kCreate));
  EXPECT_TRUE(Warned("database '/dev/shm/sqlicorn-never-made.db': it is on tmpfs")) << Logged();
}

}  // namespace
}  // namespace sqlicorn
