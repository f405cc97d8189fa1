// SPDX-License-Identifier: MIT
#include "common/base/file.h"

#include <fcntl.h>
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

TEST(File, ThatIsALinkStaysOne) {
  const std::filesystem::path directory = testing::TempDir() + "file_test_through";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  std::filesystem::create_symlink("real", directory / "link");
  EXPECT_TRUE(CheckWritable(directory / "link")) << "its target is not there yet";
  EXPECT_FALSE(std::filesystem::exists(directory / "real"));
  ASSERT_TRUE(WriteFile(directory / "link", "a long first content"));
  ASSERT_TRUE(WriteFile(directory / "link", "second"));
  EXPECT_TRUE(std::filesystem::is_symlink(directory / "link"));
  EXPECT_EQ(ReadFile(directory / "real").value(), "second");
  std::filesystem::create_symlink("/proc/no/such", directory / "astray");
  EXPECT_FALSE(CheckWritable(directory / "astray"));
  EXPECT_FALSE(WriteFile(directory / "astray", "x"));
  std::filesystem::remove_all(directory);
}

TEST(File, ThatIsADeviceStaysOne) {
  EXPECT_TRUE(CheckWritable("/dev/null"));
  EXPECT_TRUE(WriteFile("/dev/null", "gone"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const Status full = WriteFile("/dev/full", "too much");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().message, "cannot write '/dev/full': write: No space left on device");
}

TEST(File, ThatIsAPipeIsWrittenInto) {
  const std::string path = testing::TempDir() + "file_test_write_pipe";
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_TRUE(CheckWritable(path));
  std::string got;
  std::thread reader([&] {
    const int fd = open(path.c_str(), O_RDONLY);
    std::array<char, 4096> piece{};
    for (ssize_t size = 0; (size = read(fd, piece.data(), piece.size())) > 0;) {
      got.append(piece.data(), static_cast<std::size_t>(size));
    }
    close(fd);
  });
  const std::string content(300'000, 'x');  // more than a pipe holds
  EXPECT_TRUE(WriteFile(path, content));
  reader.join();
  EXPECT_EQ(got, content);
  EXPECT_TRUE(std::filesystem::is_fifo(path));
  std::filesystem::remove(path);
}

TEST(File, ThatIsAnOpenDescriptorIsWrittenWhereItIs) {
  const std::string path = testing::TempDir() + "file_test_descriptor";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  ASSERT_EQ(write(fd, "report ", 7), 7);
  const std::string name = "/dev/fd/" + std::to_string(fd);
  EXPECT_TRUE(CheckWritable(name));
  EXPECT_TRUE(WriteFile(name, "and json"));
  close(fd);
  EXPECT_EQ(ReadFile(path).value(), "report and json");
  EXPECT_FALSE(CheckWritable(name));
  EXPECT_FALSE(WriteFile(name, "x"));
  std::filesystem::remove(path);
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
