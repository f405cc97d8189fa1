// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"
#include "worker/sqlite/sql_text.h"

namespace sqlicorn {
namespace {

// The hint for what SQLite says of this SQL.
std::string HintFor(Connection& connection, const std::string& sql) {
  const auto statement = connection.Prepare(sql);
  return statement ? "(it prepares)" : SqlHint(connection, statement.error().message, sql);
}

std::unique_ptr<Connection> DatabaseWith(const std::string& schema) {
  auto connection = OpenDatabase(":memory:");
  connection->AllowDoubleQuotedText();  // as the program did that made it
  Must(*connection, schema);
  return connection;
}

TEST(SqlHint, IsSilentWhereSqliteHasSaidAll) {
  const auto connection = OpenDatabase(":memory:");
  EXPECT_EQ(HintFor(*connection, "SELECT nope"), "");
  EXPECT_EQ(HintFor(*connection, "SELECT 1 FROM nowhere"), "");
}

TEST(SqlHint, SaysHowTextIsQuoted) {
  const auto connection = OpenDatabase(":memory:");
  EXPECT_EQ(HintFor(*connection, "SELECT \"open\""),
            "; double quotes are for names, text is written 'open'");
}

TEST(SqlHint, NamesTheTriggerThatHasTextInDoubleQuotes) {
  const TempDir directory;
  const std::string path = directory.File("other.db");
  {
    const auto other = OpenDatabase(path);
    other->AllowDoubleQuotedText();
    Must(*other,
         "CREATE TABLE t (a); CREATE TABLE log (what);"
         "CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES (\"made\"); END");
  }
  const auto connection = OpenDatabase(path);
  const std::string hint = HintFor(*connection, "INSERT INTO t VALUES (1)");
  EXPECT_NE(hint.find("trigger 't_ai'"), std::string::npos) << hint;
  EXPECT_NE(hint.find("database.double_quoted_text = true"), std::string::npos) << hint;
  connection->AllowDoubleQuotedText();
  EXPECT_EQ(HintFor(*connection, "INSERT INTO t VALUES (1)"), "(it prepares)");
}

TEST(SqlHint, NamesTheViewThatNeedsATrustedSchema) {
  const auto connection =
      DatabaseWith("CREATE TABLE t (a); CREATE VIEW sizes AS SELECT name, pgsize FROM dbstat");
  Must(*connection, "PRAGMA trusted_schema = off");
  const std::string hint = HintFor(*connection, "SELECT * FROM sizes");
  EXPECT_NE(hint.find("view 'sizes'"), std::string::npos) << hint;
  EXPECT_NE(hint.find("trusted_schema = true under [database.pragmas]"), std::string::npos) << hint;
}

TEST(SqlHint, TellsThatASchemaFileIsAppliedAtEveryStart) {
  const auto connection = DatabaseWith("CREATE TABLE t (a)");
  const std::string script = "ALTER TABLE t ADD COLUMN b";
  Must(*connection, script);
  const SqlStatus again = connection->Execute(script);
  EXPECT_NE(SqlHint(*connection, again.message(), script).find("at every start"),
            std::string::npos);
}

}  // namespace
}  // namespace sqlicorn
