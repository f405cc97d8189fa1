// SPDX-License-Identifier: MIT
#include "worker/plan/json_rows.h"

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

std::string RowsOf(const std::string& sql) {
  const auto connection = OpenDatabase(":memory:");
  Statement statement = PrepareOn(*connection, sql);
  std::string text;
  JsonRows rows(&text);
  while (statement.Step() == StepResult::kRow) {
    EXPECT_TRUE(rows.Append(statement));
  }
  rows.Close();
  return text;
}

TEST(JsonRows, WriteEveryTypeExactly) {
  const struct {
    const char* sql;
    const char* json;
  } cases[] = {
      {"NULL", "null"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775807 - 1", "-9223372036854775808"},
      {"0.1", "0.1"},
      {"1.0", "1.0"},
      {"-0.0", "-0.0"},
      {"1e308", "1e+308"},
      {"5e-324", "5e-324"},
      {"1e17", "1e+17"},
      {"9e999", "null"},
      {"-9e999", "null"},
      {"'x'", R"("x")"},
      {"''", R"("")"},
      {"'\"\\/'", R"("\"\\/")"},
      {"char(10, 13, 9, 1, 31, 127)", "\"\\n\\r\\t\\u0001\\u001f\x7F\""},
      {"'a' || char(0) || 'b'", R"("a\u0000b")"},
      {"CAST(x'41FF42C3' AS TEXT)",
       "\"A\xEF\xBF\xBD"
       "B\xEF\xBF\xBD\""},
      {"'\xC3\xA9'", "\"\xC3\xA9\""},
      {"x''", R"("")"},
      {"x'00'", R"("AA==")"},
      {"x'00FF'", R"("AP8=")"},
      {"x'00FF10'", R"("AP8Q")"},
      {"x'FBFFBF'", R"("+/+/")"},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(RowsOf(fmt::format("SELECT {} AS v", c.sql)), fmt::format(R"([{{"v":{}}}])", c.json))
        << c.sql;
  }
}

TEST(JsonRows, AreAnEmptyArrayWithoutRows) {
  EXPECT_EQ(RowsOf("SELECT 1 WHERE 0"), "[]");
}

TEST(JsonRows, KeepTheOrderOfRowsAndColumnsAndRepeatedNames) {
  EXPECT_EQ(RowsOf("SELECT 2 AS b, 1 AS a, 3 AS b UNION ALL SELECT 5, 4, 6"),
            R"([{"b":2,"a":1,"b":3},{"b":5,"a":4,"b":6}])");
}

TEST(JsonRows, EscapeColumnNames) {
  EXPECT_EQ(RowsOf("SELECT 1 AS \"a\"\"\n\""), R"([{"a\"\n":1}])");
}

TEST(JsonRows, EscapeWhatHasToBeWhereverItStands) {
  EXPECT_EQ(RowsOf("SELECT '\"ab\"\"c\\' AS v"), R"([{"v":"\"ab\"\"c\\"}])");
  EXPECT_EQ(RowsOf("SELECT char(1) || 'x' || char(31) AS v"), R"([{"v":"\u0001x\u001f"}])");
  EXPECT_EQ(RowsOf("SELECT CAST(x'FF22FF' AS TEXT) AS v"),
            "[{\"v\":\"\xEF\xBF\xBD\\\"\xEF\xBF\xBD\"}]");
}

TEST(JsonRows, RefuseAValueThatDoesNotFitBeforeCopyingIt) {
  const auto connection = OpenDatabase(":memory:");
  Statement statement = PrepareOn(*connection, "SELECT zeroblob(67108865)");
  std::string text;
  JsonRows rows(&text);
  ASSERT_EQ(statement.Step(), StepResult::kRow);
  EXPECT_FALSE(rows.Append(statement));
  EXPECT_LT(text.capacity(), 1000U);
}

}  // namespace
}  // namespace sqlicorn
