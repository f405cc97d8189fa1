// SPDX-License-Identifier: MIT
#include "worker/sqlite/library.h"

#include <vector>

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

// Of Debian and Ubuntu: a schema that works with one library is to work with the other.
TEST(Library, HasWhatSchemasUseThatWorkWithTheDistributions) {
  const auto connection = OpenDatabase(":memory:");
  for (const char* sql :
       {"CREATE TABLE t (a)", "INSERT INTO t VALUES (1), (2)", "DELETE FROM t ORDER BY a LIMIT 1",
        "UPDATE t SET a = 3 LIMIT 1", "SELECT soundex('Robert'), ceil(log(2)), json('{\"a\":[1]}')",
        "CREATE VIRTUAL TABLE f3 USING fts3 (a)", "CREATE VIRTUAL TABLE f4 USING fts4 (a)",
        "CREATE VIRTUAL TABLE f5 USING fts5 (a)", "CREATE VIRTUAL TABLE r USING rtree (id, x0, x1)",
        "SELECT count(*) FROM f3 WHERE f3 MATCH '(a OR b) AND c'", "SELECT name FROM dbstat"}) {
    EXPECT_TRUE(connection->Execute(sql).ok()) << sql;
  }
  EXPECT_EQ(Ask(*connection, "SELECT x'61' LIKE 'a'"), "0");
}

TEST(Library, HasNoMutexAndNoAccountWhereNoPragmaNeedsThem) {
  const struct {
    std::vector<PragmaSpec> pragmas;
    LibraryUse use;
  } cases[] = {
      {{}, {.one_thread = true, .counts_heap = false}},
      {{{"journal_mode", "wal", {}}, {"threads", "0", {}}}, {.one_thread = true}},
      {{{"threads", "2", {}}}, {.one_thread = false, .counts_heap = false}},
      {{{"soft_heap_limit", "1000000", {}}}, {.one_thread = true, .counts_heap = true}},
      {{{"hard_heap_limit", "1000000", {}}}, {.one_thread = true, .counts_heap = true}},
      {{{"threads", "8", {}}, {"hard_heap_limit", "1", {}}}, {false, true}},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(LibraryUseOf(c.pragmas), c.use) << (c.pragmas.empty() ? "" : c.pragmas[0].name);
  }
}

}  // namespace
}  // namespace sqlicorn
