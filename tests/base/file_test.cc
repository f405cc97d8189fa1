// SPDX-License-Identifier: MIT
#include "common/base/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "common/base/file_place.h"

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

TEST(File, ThatIsAPipeEndsWithItsWriter) {
  const std::string path = testing::TempDir() + "file_test_pipe";
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const auto unwritten = ReadFile(path);
  ASSERT_FALSE(unwritten);
  EXPECT_EQ(unwritten.error().message,
            "cannot read '" + path + "': it is a pipe that nobody writes to");
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  std::thread writer([&] {
    EXPECT_EQ(write(ends[1], "piece", 5), 5);
    close(ends[1]);
  });
  EXPECT_EQ(ReadFile("/proc/self/fd/" + std::to_string(ends[0])).value(), "piece");
  writer.join();
  close(ends[0]);
  std::filesystem::remove(path);
}

TEST(WithoutLinks, FollowsALinkToWhatIsNotThereYet) {
  const std::filesystem::path directory = testing::TempDir() + "file_test_links";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory / "data");
  std::filesystem::create_symlink("data/made.db", directory / "named.db");
  std::filesystem::create_symlink("named.db", directory / "served.db");
  std::filesystem::create_symlink("round", directory / "round");
  const std::string real = WithoutLinks(directory / "data");
  EXPECT_EQ(WithoutLinks(directory / "served.db"), real + "/made.db");
  EXPECT_FALSE(WithoutLinks(directory / "round").empty());
  std::filesystem::remove_all(directory);
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
