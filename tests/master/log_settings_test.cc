// SPDX-License-Identifier: MIT
#include "master/start/log_settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

constexpr FileOwner kSomebody = {65534, 12345};

class LogFiles : public testing::Test {
 protected:
  LogFiles() {
    settings_.errorlog = directory_.File("error.log");
    settings_.accesslog = directory_.File("access.log");
  }

  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "only root can give files away";
    }
  }

  [[nodiscard]] uid_t OwnerOf(const std::string& name) const {
    struct stat info {};

    EXPECT_EQ(lstat(directory_.File(name).c_str(), &info), 0) << name;
    return info.st_uid;
  }

  TempDir directory_;
  ServerSettings settings_;
};

TEST_F(LogFiles, AreMadeForTheirOwner) {
  ASSERT_TRUE(CreateLogFiles(settings_, kSomebody));
  EXPECT_EQ(OwnerOf("error.log"), kSomebody.uid);
  EXPECT_EQ(OwnerOf("access.log"), kSomebody.uid);
}

TEST_F(LogFiles, AreLeftToWhoeverOpensThemWhenTheOwnerIsOurselves) {
  ASSERT_TRUE(CreateLogFiles(settings_, {}));
  EXPECT_FALSE(directory_.Has("error.log"));
}

TEST_F(LogFiles, AreMadeAndOpenedBehindNoLinkOfAnotherUser) {
  ASSERT_EQ(chown(directory_.path().c_str(), kSomebody.uid, kSomebody.gid), 0);
  const TempDir roots;
  std::filesystem::create_symlink(roots.File("error.log"), settings_.errorlog);
  std::filesystem::create_directory_symlink(roots.path(), directory_.File("logs"));
  settings_.accesslog = directory_.File("logs/access.log");
  ASSERT_TRUE(CreateLogFiles(settings_, kSomebody));
  const Status checked = CheckErrorLog(settings_);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("root does not follow it"), std::string::npos)
      << checked.error().message;
  EXPECT_TRUE(std::filesystem::is_empty(roots.path()));
}

TEST_F(LogFiles, ThatExistAreNotGivenAway) {
  ASSERT_TRUE(WriteFile(settings_.errorlog, "a line"));
  ASSERT_TRUE(WriteFile(directory_.File("precious"), "x"));
  std::filesystem::create_symlink("precious", settings_.accesslog);
  ASSERT_TRUE(CreateLogFiles(settings_, kSomebody));
  EXPECT_EQ(OwnerOf("error.log"), 0U);
  EXPECT_EQ(OwnerOf("access.log"), 0U);
  EXPECT_EQ(OwnerOf("precious"), 0U);
  EXPECT_EQ(ReadFile(settings_.errorlog).value(), "a line");
}

TEST_F(LogFiles, MayBeStandardStreamsOrMissing) {
  settings_.errorlog = "-";
  settings_.accesslog = "";
  EXPECT_TRUE(CreateLogFiles(settings_, kSomebody));
}

}  // namespace
}  // namespace sqlicorn
