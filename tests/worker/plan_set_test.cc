// SPDX-License-Identifier: MIT
#include "worker/plan/plan_set.h"

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

// The error of a configuration with the statement "s" and one endpoint, which is on line 5.
std::string CompileError(const std::string& sql, const std::string& rest = "steps = [\"s\"]",
                         const std::string& more_statements = "") {
  const std::string text = fmt::format(
      "database.path = \"t.db\"\n[params.p]\nname = {{ type = \"text\" }}\n[statements]\n"
      "s = '{}'\n{}[[endpoint]]\npath = \"/x/\"\nmethods = [\"GET\"]\nparams = \"p\"\n{}\n",
      sql, more_statements, rest);
  const ServerConfig config = ConfigOf(text, "/srv");
  const auto connection = OpenDatabase(":memory:");
  Must(*connection,
       "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); CREATE VIEW v AS SELECT id, name FROM "
       "t");
  return ErrorOf(PlanSet::Compile(*connection, config));
}

TEST(PlanSet, CompilesWhatIsRight) {
  EXPECT_EQ(CompileError("INSERT INTO t (name) VALUES (:name)"), "");
  EXPECT_EQ(CompileError("SELECT @name, $name, :name", "steps = [\"s\"]\nrespond = \"rows\""), "");
  EXPECT_EQ(CompileError("INSERT INTO t (name) VALUES (:name) RETURNING id",
                         "steps = [\"s\"]\nrespond = \"rows\""),
            "");
}

TEST(PlanSet, NamesThePlaceOfSqlThatDoesNotPrepare) {
  EXPECT_EQ(CompileError("SELECT nope FROM t"),
            "t.toml:5:1: statement 's': no such column: nope (at 1:8 of the SQL)");
  EXPECT_EQ(CompileError("SELECT 1; SELECT 2"),
            "t.toml:5:1: statement 's': one statement is allowed, more text follows (at 1:11 of "
            "the SQL)");
  EXPECT_EQ(CompileError("-- nothing"), "t.toml:5:1: statement 's': there is no statement in it");
}

TEST(PlanSet, TellsAllThatIsWrongAtOnce) {
  EXPECT_EQ(CompileError("SELECT nope FROM t",
                         "steps = [\"s\"]\n[[endpoint]]\npath = \"/y/\"\nmethods = [\"GET\"]\n"
                         "steps = [\"u\"]\n[[endpoint]]\npath = \"/z/\"\nmethods = [\"GET\"]\n"
                         "steps = [\"w\"]\nrespond = \"rows\"\n",
                         "u = 'SELECT :who'\nv = 'SELEKT'\nw = 'DELETE FROM t'\n"),
            "t.toml:5:1: statement 's': no such column: nope (at 1:8 of the SQL)\n"
            "t.toml:7:1: statement 'v': near \"SELEKT\": syntax error (at 1:1 of the SQL)\n"
            "t.toml:14:1: endpoint '/y/': statement 'u' uses :who, which is no field of the "
            "endpoint's params\n"
            "t.toml:18:1: endpoint '/z/' responds with rows, but none of its steps returns any");
}

TEST(PlanSet, RefusesStatementsThatControlTransactions) {
  for (const char* sql : {"BEGIN", "COMMIT", "/* x */ rollback", "PRAGMA synchronous = off",
                          "ATTACH x AS x", "VACUUM", "SAVEPOINT a"}) {
    EXPECT_EQ(CompileError(sql),
              "t.toml:5:1: statement 's' would begin, end or bypass a transaction; use the "
              "endpoint's transaction, or [database.pragmas]")
        << sql;
  }
}

TEST(PlanSet, NamesParametersThatNoFieldFills) {
  const std::string start = "t.toml:6:1: endpoint '/x/': statement 's' ";
  EXPECT_EQ(
      CompileError("SELECT :nmae"),
      start + "uses :nmae, which is no field of the endpoint's params (did you mean 'name'?)");
  EXPECT_EQ(CompileError("SELECT ?"),
            start + "uses a positional parameter; write :name for a field of the params");
  EXPECT_EQ(CompileError("SELECT ?1"),
            start + "uses a positional parameter; write :name for a field of the params");
}

TEST(PlanSet, RefusesToRespondWithRowsThatNoStepReturns) {
  EXPECT_EQ(CompileError("INSERT INTO t DEFAULT VALUES", "steps = [\"s\"]\nrespond = \"rows\""),
            "t.toml:6:1: endpoint '/x/' responds with rows, but none of its steps returns any");
}

TEST(PlanSet, RefusesToPretendToWriteAView) {
  const std::string text = CompileError("INSERT INTO v VALUES (1, :name) RETURNING id",
                                        "steps = [\"s\"]\nrespond = \"rows\"");
  const bool ours = text.find("'v' is a view without an INSTEAD OF trigger") != std::string::npos;
  const bool of_a_newer_sqlite =
      text.find("cannot modify v because it is a view") != std::string::npos;
  EXPECT_TRUE(ours || of_a_newer_sqlite) << text;
}

}  // namespace
}  // namespace sqlicorn
