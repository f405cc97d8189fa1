// SPDX-License-Identifier: MIT
#include "worker/sqlite/connection.h"

#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/sqlite/test_database.h"
#include "tests/support/matches.h"
#include "worker/sqlite/risks.h"

namespace sqlicorn {
namespace {

std::string OpenError(const std::string& path, OpenMode mode) {
  const auto connection = Connection::Open(path, mode);
  return connection ? "" : connection.error().message;
}

TEST(Connection, CreatesAFileOnlyWhenAskedTo) {
  const TempDir directory;
  const std::string path = directory.File("new.db");
  EXPECT_EQ(OpenError(path, OpenMode::kReadWrite),
            "cannot open database '" + path +
                "': unable to open database file (No such file or directory)");
  Must(*OpenDatabase(path), "CREATE TABLE t (a)");
  EXPECT_EQ(OpenError(path, OpenMode::kReadWrite), "");
}

TEST(Connection, SaysWhyADirectoryIsNoDatabase) {
  const TempDir directory;
  EXPECT_EQ(OpenError(directory.path(), OpenMode::kCreate),
            "cannot open database '" + directory.path() +
                "': unable to open database file (Is a directory)");
}

TEST(Connection, ReportsAFileThatIsNoDatabase) {
  const TempDir directory;
  const std::string path = directory.File("text");
  ASSERT_TRUE(WriteFile(path, std::string(4096, 'x')));
  const SqlStatus status = OpenDatabase(path)->Execute("SELECT * FROM sqlite_schema");
  EXPECT_EQ(status.name(), "SQLITE_NOTADB");
}

struct BadSql {
  std::string_view sql;
  std::string_view error;
};

constexpr BadSql kBadSql[] = {
    {"SELECT nope", "no such column: nope (at 1:8 of the SQL)"},
    {"SELECT 1\n  FORM t", "near \"t\": syntax error (at 2:8 of the SQL)"},
    {"SELECT * FROM nope", "no such table: nope"},
    {"SELECT", "incomplete input"},
    {"", "there is no statement in it"},
    {" ; -- nothing\n", "there is no statement in it"},
    {"SELECT 1; SELECT 2", "one statement is allowed, more text follows (at 1:11 of the SQL)"},
    {std::string_view("SELECT 1\0", 9),
     "one statement is allowed, more text follows (at 1:9 of the SQL)"},
};

TEST(Connection, RefusesSqlThatIsNotOneStatement) {
  const auto connection = OpenDatabase(":memory:");
  for (const BadSql& bad : kBadSql) {
    const auto statement = connection->Prepare(bad.sql);
    ASSERT_FALSE(statement) << bad.sql;
    EXPECT_EQ(statement.error().message, bad.error);
  }
}

// The words differ between versions.
TEST(Connection, TakesDoubleQuotesForAName) {
  const auto statement = OpenDatabase(":memory:")->Prepare("SELECT \"text\"");
  ASSERT_FALSE(statement);
  EXPECT_TRUE(
      Matches(statement.error().message, "^no such column: .*text.* [(]at 1:8 of the SQL[)]$"))
      << statement.error().message;
}

TEST(Connection, PreparesAStatementWithATrailingComment) {
  const auto connection = OpenDatabase(":memory:");
  EXPECT_EQ(Ask(*connection, "SELECT 1; -- the end\n;"), "1");
}

TEST(Connection, ExecutesEveryStatementOfAScript) {
  const auto connection = OpenDatabase(":memory:");
  Must(*connection,
       "-- schema\nCREATE TABLE t (a);\nINSERT INTO t VALUES (1), (2);SELECT * FROM t;");
  EXPECT_EQ(Ask(*connection, "SELECT sum(a) FROM t"), "3");
}

constexpr BadSql kBadScripts[] = {
    {"CREATE TABLE t (a);\nINSERT INTO t (b) VALUES (1);",
     "table t has no column named b (at 2:1 of the SQL)"},
    {"CREATE TABLE t (a);\n  SELECT b\n FROM t;", "no such column: b (at 2:10 of the SQL)"},
    {"CREATE TABLE t (a NOT NULL);\n\n INSERT INTO t VALUES (NULL);",
     "NOT NULL constraint failed: t.a (at 3:2 of the SQL)"},
    {std::string_view("SELECT 1;\n\0SELECT 2;", 20),
     "the script has a NUL byte (at 2:1 of the SQL)"},
};

TEST(Connection, NamesTheLineWhereAScriptFails) {
  for (const BadSql& bad : kBadScripts) {
    const SqlStatus status = OpenDatabase(":memory:")->Execute(std::string(bad.sql));
    EXPECT_EQ(status.message(), bad.error);
    EXPECT_FALSE(status.ok());
  }
}

TEST(Connection, ReportsTheLastFailureAndThenSuccess) {
  const auto connection = OpenDatabase(":memory:");
  EXPECT_FALSE(connection->Prepare("nonsense"));
  EXPECT_EQ(connection->last_status().name(), "SQLITE_ERROR");
  Must(*connection, "SELECT 1");
  EXPECT_TRUE(connection->last_status().ok());
}

TEST(Connection, GuardsTheSchema) {
  const auto connection = OpenDatabase(":memory:");
  // Before 3.44 without trust no trigger could keep a full-text index.
  EXPECT_EQ(Ask(*connection, "PRAGMA trusted_schema"),
            LibraryVersionNumber() < 3044000 ? "1" : "0");
  Must(*connection, "CREATE TABLE t (a); PRAGMA writable_schema = on");
  EXPECT_FALSE(connection->Execute("DELETE FROM sqlite_schema").ok());
}

// The pattern of the FTS5 manual, and its kin.
TEST(Connection, LetsTriggersAndViewsUseFullTextAndRTrees) {
  const auto connection = OpenDatabase(":memory:");
  Must(*connection,
       "CREATE TABLE note (id INTEGER PRIMARY KEY, body, x, y);"
       "CREATE VIRTUAL TABLE note_fts USING fts5 (body, content = 'note', content_rowid = 'id');"
       "CREATE VIRTUAL TABLE note_old USING fts4 (body);"
       "CREATE VIRTUAL TABLE note_place USING rtree (id, x0, x1, y0, y1);"
       "CREATE TRIGGER note_ai AFTER INSERT ON note BEGIN"
       "  INSERT INTO note_fts (rowid, body) VALUES (new.id, new.body);"
       "  INSERT INTO note_old (docid, body) VALUES (new.id, new.body);"
       "  INSERT INTO note_place VALUES (new.id, new.x, new.x, new.y, new.y);"
       "END;"
       "CREATE VIEW found AS SELECT rowid AS id FROM note_fts WHERE note_fts = 'fox'");
  Must(*connection, "INSERT INTO note (body, x, y) VALUES ('a quick fox', 1, 2)");
  EXPECT_EQ(Ask(*connection, "SELECT id FROM found"), "1");
  EXPECT_EQ(Ask(*connection, "SELECT count(*) FROM note_old WHERE body MATCH 'quick'"), "1");
  EXPECT_EQ(Ask(*connection, "SELECT count(*) FROM note_place WHERE x0 < 2"), "1");
}

// The table is harmless there, its operator is not; "=" means the same.
TEST(Connection, LetsAViewSayMatchWhereTheSchemaIsTrusted) {
  const auto connection = OpenDatabase(":memory:");
  Must(*connection,
       "CREATE VIRTUAL TABLE note USING fts5 (body); INSERT INTO note VALUES ('a quick fox');"
       "CREATE VIEW found AS SELECT rowid AS id FROM note WHERE note MATCH 'fox'");
  if (Ask(*connection, "PRAGMA trusted_schema") == "0") {
    EXPECT_FALSE(connection->Prepare("SELECT id FROM found"));
    Must(*connection, "PRAGMA trusted_schema = on");
  }
  EXPECT_EQ(Ask(*connection, "SELECT id FROM found"), "1");
}

// A newer SQLite refuses to prepare what writes a view, and names it.
std::string SilentViewOf(Connection& connection, const std::string& sql) {
  const auto statement = connection.Prepare(sql);
  if (statement) {
    return connection.SilentViewOf(*statement);
  }
  const std::string& message = statement.error().message;
  const std::string_view before = "cannot modify ";
  const std::size_t end = message.find(" because it is a view");
  return end == std::string::npos ? message : message.substr(before.size(), end - before.size());
}

TEST(Connection, FindsTheViewThatReturningPretendsToWrite) {
  const auto connection = OpenDatabase(":memory:");
  Must(*connection,
       "CREATE TABLE t (a); CREATE TABLE log (a); CREATE VIEW \"the view\" AS SELECT a FROM t;"
       "CREATE VIEW half AS SELECT a FROM t;"
       "CREATE TRIGGER half_i INSTEAD OF INSERT ON half BEGIN INSERT INTO t VALUES (new.a); END");
  EXPECT_EQ(SilentViewOf(*connection, "INSERT INTO \"the view\" VALUES (1) RETURNING a"),
            "the view");
  EXPECT_EQ(SilentViewOf(*connection, "UPDATE \"the view\" SET a = 2 RETURNING a"), "the view");
  EXPECT_EQ(SilentViewOf(*connection, "DELETE FROM \"the view\" RETURNING a"), "the view");
  EXPECT_EQ(SilentViewOf(*connection, "INSERT INTO half VALUES (1) RETURNING a"), "");
  EXPECT_EQ(SilentViewOf(*connection, "DELETE FROM half RETURNING a"), "half");
  EXPECT_EQ(SilentViewOf(*connection, "INSERT INTO t VALUES (1) RETURNING a"), "");
  EXPECT_EQ(SilentViewOf(*connection, "SELECT a FROM \"the view\""), "");
}

TEST(Connection, KnowsWhatAnotherOneWouldAnswerOtherwise) {
  const auto connection = OpenDatabase(":memory:");
  Must(*connection,
       "CREATE TABLE t (changes); CREATE TEMP TABLE u (v);"
       "CREATE VIEW last AS SELECT last_insert_rowid() AS id");

  const struct {
    const char* sql;
    bool asks;
  } cases[] = {
      {"SELECT last_insert_rowid()", true},
      {"SELECT 1 WHERE Changes /* of whom */ () > 0", true},
      {"WITH n AS (SELECT total_changes() AS c) SELECT * FROM t, n", true},
      {"SELECT id FROM last", true},
      {"SELECT v FROM u", true},
      {"SELECT name FROM temp.sqlite_master", true},
      {"SELECT changes, 'changes()' FROM t -- last_insert_rowid()", false},
      {"SELECT max(rowid), abs(random()) FROM main.t", false},
      {"SELECT name FROM sqlite_master", false},
  };

  for (const auto& row : cases) {
    const auto statement = connection->Prepare(row.sql);
    ASSERT_TRUE(statement.ok()) << row.sql;
    EXPECT_EQ(connection->AsksMe(*statement), row.asks) << row.sql;
  }
}

TEST(Connection, LeavesTheWalBehindWhenAskedTo) {
  const TempDir directory;
  for (const bool skip : {true, false}) {
    auto connection = OpenDatabase(directory.File("x.db"));
    Must(*connection, "PRAGMA journal_mode = wal; CREATE TABLE IF NOT EXISTS t (a)");
    if (skip) {
      connection->SkipCheckpointOnClose();
    }
    connection.reset();
    EXPECT_EQ(std::filesystem::exists(directory.File("x.db-wal")), skip);
  }
}

TEST(ConnectionDeathTest, DiesWhenAStatementOutlivesIt) {
  EXPECT_DEATH(
      {
        auto connection = OpenDatabase(":memory:");
        const Statement statement = PrepareOn(*connection, "SELECT 1");
        connection.reset();
      },
      "sqlite3_close");
}

}  // namespace
}  // namespace sqlicorn
