// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/sqlite/test_database.h"
#include "worker/sqlite/risks.h"

namespace sqlicorn {
namespace {

TEST(Library, IsTheOneThatRunsOurStatements) {
  const auto connection = OpenDatabase(":memory:");
  EXPECT_EQ(LibraryVersion(), Ask(*connection, "SELECT sqlite_version()"));
}

TEST(Library, KnowsTheVersionsWithTheWalResetBug) {
  for (const int affected : {3007000, 3040001, 3044005, 3045000, 3050006, 3051000, 3051002}) {
    EXPECT_TRUE(HasWalResetBug(affected)) << affected;
  }
  for (const int safe : {3006023, 3044006, 3044007, 3050007, 3051003, 3053002}) {
    EXPECT_FALSE(HasWalResetBug(safe)) << safe;
  }
}

}  // namespace
}  // namespace sqlicorn
