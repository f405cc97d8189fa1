// SPDX-License-Identifier: MIT
#include "common/base/file.h"

#include <filesystem>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(File, IsReadBackAsWritten) {
  const std::string path = testing::TempDir() + "file_test_round_trip";
  ASSERT_TRUE(WriteFile(path, "one"));
  ASSERT_TRUE(WriteFile(path, "two\n"));
  EXPECT_EQ(ReadFile(path).value(), "two\n");
  std::filesystem::remove(path);
}

TEST(File, NamesThePathThatCannotBeRead) {
  const auto missing = ReadFile("/nonexistent/file");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "cannot read '/nonexistent/file': No such file or directory");
}

TEST(File, LeavesNothingBehindWhenItCannotWrite) {
  const std::string directory = testing::TempDir() + "file_test_directory";
  std::filesystem::create_directory(directory);
  EXPECT_FALSE(WriteFile(directory, "content"));
  for (const auto& entry : std::filesystem::directory_iterator(testing::TempDir())) {
    EXPECT_EQ(entry.path().string().find("file_test_directory.tmp"), std::string::npos);
  }
  std::filesystem::remove(directory);
}

TEST(ResolvePath, KeepsAbsolutePathsAndJoinsRelativeOnes) {
  EXPECT_EQ(ResolvePath("/etc/x", "/var/db"), "/var/db");
  EXPECT_EQ(ResolvePath("/etc/x", "../db"), "/etc/db");
}

}  // namespace
}  // namespace sqlicorn
