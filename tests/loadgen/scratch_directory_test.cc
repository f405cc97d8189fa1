// SPDX-License-Identifier: MIT
#include "loadgen/server/scratch_directory.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "loadgen/stats/machine.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

// Makes one in `parent`, with a file in it, and lets it go.
std::string MakeOne(const std::string& parent) {
  Result<ScratchDirectory> scratch = ScratchDirectory::Create(parent);
  EXPECT_TRUE(scratch);
  std::ofstream(scratch->path() + "/file") << "x";
  EXPECT_TRUE(std::filesystem::exists(scratch->path() + "/file"));
  return scratch->path();
}

TEST(ScratchDirectory, IsRemovedWithItsContent) {
  const TempDir dir;
  EXPECT_FALSE(std::filesystem::exists(MakeOne(dir.File("new/deep"))));
  EXPECT_TRUE(std::filesystem::is_empty(dir.File("new/deep")));
}

TEST(ScratchDirectory, StaysWhenItIsKept) {
  const TempDir dir;
  std::string path;
  {
    Result<ScratchDirectory> scratch = ScratchDirectory::Create(dir.File(""));
    ASSERT_TRUE(scratch);
    scratch->Keep();
    path = scratch->path();
  }
  EXPECT_TRUE(std::filesystem::is_directory(path));
}

TEST(ScratchDirectory, IsNotMadeInMemoryWhereThereIsADisk) {
  const TempDir dir;
  if (!IsVolatile(FileSystemOf("/dev/shm")) || IsVolatile(FileSystemOf(dir.File("")))) {
    GTEST_SKIP() << "needs a tmpfs at /dev/shm, and tests on a disk";
  }
  EXPECT_EQ(FirstOnDisk({"/dev/shm", dir.File("")}), dir.File(""));
  EXPECT_EQ(FirstOnDisk({"/nonexistent", dir.File("")}), dir.File(""));
  EXPECT_EQ(FirstOnDisk({"/dev/shm", "/nonexistent"}), "/dev/shm");
}

TEST(ScratchDirectory, NamesAPlaceThatCannotBe) {
  const testing::TempFile file("file", "");
  const Result<ScratchDirectory> scratch = ScratchDirectory::Create(file.path());
  ASSERT_FALSE(scratch);
  EXPECT_NE(scratch.error().message.find(file.path()), std::string::npos);
}

}  // namespace
}  // namespace sqlicorn::loadgen
