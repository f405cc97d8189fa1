// SPDX-License-Identifier: MIT
#include "master/process/pidfile.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <optional>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/config/config_testing.h"
#include "tests/master/master_testing.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

class PidfileTest : public testing::Test {
 protected:
  std::string Content() { return ReadFile(path_).value(); }

  TempDir directory_;
  std::string path_ = directory_.File("s.pid");
  const std::string ours_ = fmt::format("{}\n", getpid());
};

TEST_F(PidfileTest, HoldsOurNumberAndGoesWithItsOwner) {
  {
    const auto pidfile = Pidfile::Create(path_);
    ASSERT_TRUE(pidfile);
    EXPECT_EQ(Content(), ours_);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

// As root, in a directory that another user may write.
TEST_F(PidfileTest, IsWrittenThroughNoLinkOfAnotherUser) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root looks at links";
  }
  const std::string theirs = directory_.File("theirs");
  const std::string secret = directory_.File("secret");
  ASSERT_TRUE(WriteFile(secret, "secret"));
  std::filesystem::create_directory(theirs);
  ASSERT_EQ(chown(theirs.c_str(), 65534, 65534), 0);
  const std::string path = theirs + "/s.pid";
  for (const std::string& target : {secret, directory_.File("dangling")}) {
    std::filesystem::create_symlink(target, fmt::format("{}.{}", path, getpid()));
    const auto pidfile = Pidfile::Create(path);
    ASSERT_TRUE(pidfile) << pidfile.error().message;
    EXPECT_EQ(ReadFile(path).value(), ours_);
    EXPECT_FALSE(std::filesystem::is_symlink(path));
  }
  std::filesystem::create_symlink(secret, path);
  EXPECT_TRUE(ErrorOf(Pidfile::Create(path)).ends_with("remove it, or choose another path"));
  EXPECT_EQ(ReadFile(secret).value(), "secret");
  EXPECT_FALSE(std::filesystem::exists(directory_.File("dangling")));
}

TEST_F(PidfileTest, ReplacesAFileThatNobodyHolds) {
  for (const char* stale : {"", "1\n", "999999999\n", "garbage"}) {
    ASSERT_TRUE(WriteFile(path_, stale));
    const auto pidfile = Pidfile::Create(path_);
    ASSERT_TRUE(pidfile) << stale;
    EXPECT_EQ(Content(), ours_);
  }
}

TEST_F(PidfileTest, LeavesAFileThatHoldsSomethingElse) {
  const std::string precious(100, '7');
  ASSERT_TRUE(WriteFile(path_, precious));
  EXPECT_EQ(ErrorOf(Pidfile::Create(path_)),
            fmt::format("cannot create the pid file '{}': a file that is too long to be one is "
                        "there",
                        path_));
  RemoveStalePidfile(path_);
  EXPECT_EQ(Content(), precious);
}

TEST_F(PidfileTest, IsNotMovedOverAFileThatHoldsSomethingElse) {
  auto pidfile = Pidfile::Create(directory_.File("s.pid.2"));
  ASSERT_TRUE(pidfile);
  const std::string precious(100, '7');
  ASSERT_TRUE(WriteFile(path_, precious));
  EXPECT_FALSE(pidfile->Rename(path_));
  EXPECT_EQ(Content(), precious);
}

TEST_F(PidfileTest, IsRefusedWhileALivingProcessHoldsIt) {
  const auto holder = Pidfile::Create(path_);
  ASSERT_TRUE(holder);
  EXPECT_EQ(ErrorOf(Pidfile::Create(path_)),
            fmt::format("already running on pid {} (it holds the pid file '{}')", getpid(), path_));
  EXPECT_EQ(Content(), ours_);
}

TEST_F(PidfileTest, IsRefusedWithoutANumberWhileItsHolderHasNotWrittenOne) {
  const auto holder = Pidfile::Create(path_);
  ASSERT_TRUE(holder);
  std::filesystem::resize_file(path_, 0);
  EXPECT_EQ(ErrorOf(Pidfile::Create(path_)),
            fmt::format("already running on pid ? (it holds the pid file '{}')", path_));
}

TEST_F(PidfileTest, LeavesAFileThatReplacedItsOwn) {
  {
    const auto pidfile = Pidfile::Create(path_);
    ASSERT_TRUE(pidfile);
    ASSERT_TRUE(WriteFile(path_, "another\n"));
  }
  EXPECT_EQ(Content(), "another\n");
}

TEST_F(PidfileTest, IsRemovedWhenStaleAndKeptWhenHeld) {
  ASSERT_TRUE(WriteFile(path_, "999999999\n"));
  RemoveStalePidfile(path_);
  EXPECT_FALSE(std::filesystem::exists(path_));
  const auto held = Pidfile::Create(path_);
  ASSERT_TRUE(held);
  RemoveStalePidfile(path_);
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(PidfileTest, TakesOnlyARegularFile) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(ErrorOf(Pidfile::Create(path_)),
            fmt::format("cannot create the pid file '{}': it is not a regular file", path_));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(PidfileTest, NamesADirectoryThatIsMissing) {
  EXPECT_EQ(ErrorOf(Pidfile::Create("/nonexistent/s.pid")),
            "cannot create the pid file '/nonexistent/s.pid': No such file or directory");
}

TEST_F(PidfileTest, LeavesNothingWhenItCannotBeWritten) {
  const int code = InChild([this] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_FSIZE, &none);
    return Pidfile::Create(path_).ok() ? 1 : 0;
  });
  EXPECT_EQ(code, 0);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace sqlicorn
