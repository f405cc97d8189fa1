// SPDX-License-Identifier: MIT
#include "worker/sqlite/sql_text.h"

#include <string_view>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(SkipBlank, StopsAtTheFirstWordOfAStatement) {
  for (const std::string_view blank :
       {"", " \t\r\n", ";;", "-- a comment\n", "/* a */ ; -- b\n/**/", "\xEF\xBB\xBF "}) {
    const std::string sql = std::string(blank) + "SELECT 1";
    EXPECT_EQ(SkipBlank(sql, 0), blank.size()) << blank;
  }
}

TEST(SkipBlank, RunsToTheEndOfAnUnfinishedComment) {
  EXPECT_EQ(SkipBlank("-- to the end", 0), 13U);
  EXPECT_EQ(SkipBlank("/* to the end", 0), 13U);
  EXPECT_EQ(SkipBlank("-", 0), 0U);
}

TEST(StartsWithControlWord, SeesThroughCaseAndComments) {
  for (const std::string_view sql :
       {"BEGIN", "begin immediate", "Commit;", "END", "ROLLBACK TO a", "SAVEPOINT a", "RELEASE a",
        "ATTACH 'x' AS y", "DETACH y", "VACUUM", "PRAGMA user_version", "; /* x */ -- y\n BEGIN"}) {
    EXPECT_TRUE(StartsWithControlWord(sql)) << sql;
  }
}

TEST(IsVacuumInto, KnowsACopyFromACleaning) {
  for (const char* sql :
       {"VACUUM INTO 'x'", "/* a */ vacuum main\ninto ?1", "Vacuum -- b\n INTO 'x'"}) {
    EXPECT_TRUE(IsVacuumInto(sql)) << sql;
  }
  for (const char* sql :
       {"VACUUM", "VACUUM main", "INSERT INTO t VALUES (1)", "vacuuminto 'x'", ""}) {
    EXPECT_FALSE(IsVacuumInto(sql)) << sql;
  }
}

TEST(StartsWithControlWord, LeavesOrdinaryStatementsAlone) {
  for (const std::string_view sql : {"SELECT 'BEGIN'", "INSERT INTO commit_log VALUES (1)",
                                     "EXPLAIN BEGIN", "begins", "", "-- BEGIN"}) {
    EXPECT_FALSE(StartsWithControlWord(sql)) << sql;
  }
}

TEST(LineAndColumn, CountsCharactersFromOne) {
  EXPECT_EQ(LineAndColumn("SELECT", 0), "1:1");
  EXPECT_EQ(LineAndColumn("SELECT\n nope", 8), "2:2");
  EXPECT_EQ(LineAndColumn("SELECT 'äöü', nope", 17), "1:15");
}

}  // namespace
}  // namespace sqlicorn
