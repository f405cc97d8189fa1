// SPDX-License-Identifier: MIT
#include "worker/sqlite/statement.h"

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

using namespace std::string_view_literals;

class StatementTest : public testing::Test {
 protected:
  // "SELECT ?1" with a value bound by `bind`, stepped to its row.
  template <typename Bind>
  Statement Echo(Bind bind) {
    Statement echo = PrepareOn(*connection_, "SELECT ?1");
    bind(echo);
    EXPECT_EQ(echo.Step(), StepResult::kRow);
    return echo;
  }

  std::unique_ptr<Connection> connection_ = OpenDatabase(":memory:");
};

TEST_F(StatementTest, ReturnsIntegersExactly) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{9007199254740993}, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()}) {
    const Statement row = Echo([value](Statement& s) { s.BindInteger(1, value); });
    EXPECT_EQ(row.column(0).type(), ColumnType::kInteger);
    EXPECT_EQ(row.column(0).Integer(), value);
  }
}

TEST_F(StatementTest, ReturnsRealsExactly) {
  for (const double value : {0.1, -1e300, std::numeric_limits<double>::infinity()}) {
    const Statement row = Echo([value](Statement& s) { s.BindReal(1, value); });
    EXPECT_EQ(row.column(0).type(), ColumnType::kReal);
    EXPECT_EQ(row.column(0).Real(), value);
  }
}

TEST_F(StatementTest, ReturnsTextByteForByte) {
  for (const std::string_view value :
       {"Größe"sv, ""sv, std::string_view(), "a\0b"sv, "\xFF\xFE invalid \xC3"sv}) {
    const Statement row = Echo([value](Statement& s) { s.BindText(1, value); });
    EXPECT_EQ(row.column(0).type(), ColumnType::kText);
    EXPECT_EQ(row.column(0).Text(), value);
  }
}

TEST_F(StatementTest, ReturnsBlobsByteForByte) {
  for (const std::string_view value : {"\0\xFF\0"sv, ""sv, std::string_view()}) {
    Statement row = PrepareOn(*connection_, "SELECT CAST(?1 AS BLOB)");
    row.BindText(1, value);
    ASSERT_EQ(row.Step(), StepResult::kRow);
    EXPECT_EQ(row.column(0).type(), ColumnType::kBlob);
    EXPECT_EQ(row.column(0).Blob(), value);
  }
}

TEST_F(StatementTest, ReadsNullAsNothing) {
  const Statement row = Echo([](Statement& s) { s.BindNull(1); });
  EXPECT_EQ(row.column(0).type(), ColumnType::kNull);
  EXPECT_EQ(row.column(0).Integer(), 0);
  EXPECT_EQ(row.column(0).Real(), 0);
  EXPECT_EQ(row.column(0).Text(), "");
  EXPECT_EQ(row.column(0).Blob(), "");
}

TEST_F(StatementTest, FetchesARowAndLeavesItsValues) {
  Statement row = PrepareOn(*connection_, "SELECT 1, 2.5, 'three', x'04', NULL");
  ASSERT_EQ(row.Step(), StepResult::kRow);
  row.FetchRow();
  EXPECT_EQ(row.column(0).Integer(), 1);
  EXPECT_EQ(row.column(1).Real(), 2.5);
  EXPECT_EQ(row.column(2).Text(), "three");
  EXPECT_EQ(row.column(3).Blob(), "\x04");
  EXPECT_EQ(row.column(4).type(), ColumnType::kNull);
  EXPECT_EQ(row.Step(), StepResult::kDone);
}

TEST_F(StatementTest, DoesNotCopyBoundText) {
  std::string value = "before";
  Statement echo = PrepareOn(*connection_, "SELECT ?1");
  echo.BindText(1, value);
  value = "behind";
  ASSERT_EQ(echo.Step(), StepResult::kRow);
  EXPECT_EQ(echo.column(0).Text(), "behind");
}

TEST_F(StatementTest, ForgetsBindingsOnReset) {
  Statement echo = Echo([](Statement& s) { s.BindInteger(1, 7); });
  echo.Reset();
  ASSERT_EQ(echo.Step(), StepResult::kRow);
  EXPECT_EQ(echo.column(0).type(), ColumnType::kNull);
}

TEST_F(StatementTest, RunsAgainAfterReset) {
  Must(*connection_, "CREATE TABLE t (a)");
  Statement insert = PrepareOn(*connection_, "INSERT INTO t VALUES (?)");
  for (int i = 0; i < 3; ++i) {
    insert.Reset();
    insert.BindInteger(1, i);
    ASSERT_EQ(insert.Step(), StepResult::kDone);
  }
  EXPECT_EQ(Ask(*connection_, "SELECT group_concat(a) FROM t"), "0,1,2");
}

TEST_F(StatementTest, FailsTheStepOfABindingThatFailed) {
  Statement echo = PrepareOn(*connection_, "SELECT ?1");
  echo.BindInteger(2, 1);
  EXPECT_EQ(echo.Step(), StepResult::kFailed);
  EXPECT_EQ(echo.status().name(), "SQLITE_RANGE");
  echo.Reset();
  EXPECT_EQ(echo.Step(), StepResult::kRow);
}

TEST_F(StatementTest, NamesItsParameters) {
  const Statement statement = PrepareOn(*connection_, "SELECT :name, @campaign, $voice, ?, ?9");
  ASSERT_EQ(statement.parameter_count(), 9);
  EXPECT_EQ(statement.parameter_name(1), "name");
  EXPECT_EQ(statement.parameter_name(2), "campaign");
  EXPECT_EQ(statement.parameter_name(3), "voice");
  EXPECT_EQ(statement.parameter_name(4), "");
  EXPECT_EQ(statement.parameter_name(9), "");
}

TEST_F(StatementTest, NamesItsColumns) {
  const Statement statement = PrepareOn(*connection_, "SELECT 1 AS one, 'x' AS \"two words\"");
  ASSERT_EQ(statement.column_count(), 2);
  EXPECT_EQ(statement.column_name(0), "one");
  EXPECT_EQ(statement.column_name(1), "two words");
}

TEST_F(StatementTest, ReportsAViolatedConstraint) {
  Must(*connection_, "CREATE TABLE t (a PRIMARY KEY, b NOT NULL CHECK (b > 0))");
  Must(*connection_, "INSERT INTO t VALUES (1, 1)");
  const std::pair<std::string_view, std::string_view> kInserts[] = {
      {"INSERT INTO t VALUES (1, 1)", "SQLITE_CONSTRAINT_PRIMARYKEY"},
      {"INSERT INTO t VALUES (2, NULL)", "SQLITE_CONSTRAINT_NOTNULL"},
      {"INSERT INTO t VALUES (2, 0)", "SQLITE_CONSTRAINT_CHECK"},
  };
  for (const auto& [sql, name] : kInserts) {
    Statement insert = PrepareOn(*connection_, sql);
    ASSERT_EQ(insert.Step(), StepResult::kFailed) << sql;
    EXPECT_TRUE(insert.status().constraint());
    EXPECT_EQ(insert.status().name(), name);
  }
}

TEST_F(StatementTest, KeepsTheStatusOfAFailedStepAcrossReset) {
  Must(*connection_, "CREATE TABLE t (a NOT NULL)");
  Statement insert = PrepareOn(*connection_, "INSERT INTO t VALUES (?)");
  ASSERT_EQ(insert.Step(), StepResult::kFailed);
  insert.Reset();
  EXPECT_EQ(insert.status().message(), "NOT NULL constraint failed: t.a");
}

TEST_F(StatementTest, TellsReadsFromWrites) {
  Must(*connection_, "CREATE TABLE t (a)");
  EXPECT_TRUE(PrepareOn(*connection_, "SELECT a FROM t").read_only());
  EXPECT_FALSE(PrepareOn(*connection_, "DELETE FROM t").read_only());
}

TEST_F(StatementTest, TellsTransactionControlFromWork) {
  EXPECT_TRUE(PrepareOn(*connection_, "BEGIN").ends_or_begins_transaction());
  EXPECT_TRUE(PrepareOn(*connection_, "; VACUUM").ends_or_begins_transaction());
  EXPECT_FALSE(PrepareOn(*connection_, "SELECT 1").ends_or_begins_transaction());
}

TEST(Statement, TellsUsedUpNumbersFromAFullDisk) {
  const auto connection = OpenDatabase(":memory:");
  Must(*connection,
       "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a);"
       "INSERT INTO t VALUES (9223372036854775807, 1)");
  auto insert = connection->Prepare("INSERT INTO t (a) VALUES (2)");
  ASSERT_TRUE(insert.ok());
  EXPECT_EQ(insert->Step(), StepResult::kFailed);
  EXPECT_EQ(insert->status().message(), "table 't' has used up its AUTOINCREMENT numbers");
  EXPECT_TRUE(insert->status().constraint());
  EXPECT_FALSE(insert->status().storage());
}

}  // namespace
}  // namespace sqlicorn
