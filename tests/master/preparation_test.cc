// SPDX-License-Identifier: MIT
#include "master/start/preparation.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

TEST(ProbeFileLocks, FindsTheLocksOfALocalDiskGoodAndLeavesNothing) {
  const TempDir directory;
  const Status probed = ProbeFileLocks(directory.File("test.db"));
  EXPECT_TRUE(probed) << probed.error().message;
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(ProbeFileLocks, LeavesAMissingDirectoryToOthers) {
  EXPECT_TRUE(ProbeFileLocks("/nonexistent/test.db"));
}

}  // namespace

}  // namespace sqlicorn
