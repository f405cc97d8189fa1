// SPDX-License-Identifier: MIT
#include "common/base/file_place.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;

// A file of root's, and beside it a directory of nobody's.
class FilePlaceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "only root looks at links";
    }
    ASSERT_TRUE(WriteFile(secret_, "secret"));
    fs::create_directory(theirs_);
    fs::create_directory(ours_);
    ASSERT_EQ(chown(theirs_.c_str(), kNobody, kNobody), 0);
  }

  // 0, or why it cannot be opened.
  static int ErrorOfOpening(const std::string& path, int flags = O_WRONLY | O_CREAT | O_APPEND) {
    return OpenAtPlace(path, flags, 0644) ? 0 : errno;
  }

  TempDir directory_;
  const std::string secret_ = directory_.File("secret");
  const std::string theirs_ = directory_.File("theirs");
  const std::string ours_ = directory_.File("ours");
};

TEST_F(FilePlaceTest, IsBehindNoLinkThatAnotherUserMayHaveMade) {
  fs::create_symlink(secret_, theirs_ + "/to_file");
  fs::create_symlink(directory_.File("dangling"), theirs_ + "/to_nothing");
  fs::create_directory_symlink(ours_, theirs_ + "/to_directory");
  for (const char* name : {"to_file", "to_nothing", "to_directory/log"}) {
    EXPECT_EQ(ErrorOfOpening(theirs_ + "/" + name), ELOOP) << name;
  }
  EXPECT_FALSE(directory_.Has("dangling"));
  EXPECT_FALSE(directory_.Has("ours/log"));
  EXPECT_EQ(ReadFile(secret_).value(), "secret");
}

TEST_F(FilePlaceTest, IsNotASecondNameOfAFileWhereAnotherUserMayWrite) {
  fs::create_hard_link(secret_, theirs_ + "/second");
  EXPECT_EQ(ErrorOfOpening(theirs_ + "/second"), ELOOP);
  fs::create_hard_link(secret_, ours_ + "/second");
  EXPECT_EQ(ErrorOfOpening(ours_ + "/second"), 0);
}

TEST_F(FilePlaceTest, IsBehindTheLinksThatRootMadeInItsOwnDirectories) {
  fs::create_directory_symlink("../theirs", ours_ + "/elsewhere");
  fs::create_symlink(theirs_ + "/log", ours_ + "/log");
  fs::create_symlink("elsewhere/more", ours_ + "/chain");
  EXPECT_EQ(ErrorOfOpening(ours_ + "/log"), 0);
  EXPECT_EQ(ErrorOfOpening(ours_ + "//chain"), 0);
  EXPECT_TRUE(directory_.Has("theirs/log"));
  EXPECT_TRUE(directory_.Has("theirs/more"));
}

TEST_F(FilePlaceTest, IsBehindNoLinkOfAnotherUserInADirectoryForAll) {
  const std::string shared = directory_.File("shared");
  fs::create_directory(shared);
  fs::create_symlink(secret_, shared + "/link");
  ASSERT_EQ(chmod(shared.c_str(), 01777), 0);
  EXPECT_EQ(ErrorOfOpening(shared + "/link"), 0);
  ASSERT_EQ(lchown((shared + "/link").c_str(), kNobody, kNobody), 0);
  EXPECT_EQ(ErrorOfOpening(shared + "/link"), ELOOP);
}

TEST_F(FilePlaceTest, MayBeAnOpenFileOrAPathWithoutADirectory) {
  EXPECT_EQ(ErrorOfOpening("/dev/null", O_WRONLY), 0);
  const UniqueFd open_file = OpenAtPlace(secret_, O_WRONLY);
  EXPECT_EQ(ErrorOfOpening("/proc/self/fd/" + std::to_string(open_file.get()), O_WRONLY), 0);
  FilePlace place;
  EXPECT_EQ(FindFilePlace("name", &place), 0);
  EXPECT_EQ(place.name, "name");
}

TEST_F(FilePlaceTest, SaysWhatItIsToFindNothing) {
  EXPECT_EQ(ErrorOfOpening(directory_.File("absent/log")), ENOENT);
  EXPECT_EQ(ErrorOfOpening(secret_ + "/log"), ENOTDIR);
  fs::create_symlink("loop", ours_ + "/loop");
  EXPECT_EQ(ErrorOfOpening(ours_ + "/loop"), ELOOP);
}

}  // namespace
}  // namespace sqlicorn
