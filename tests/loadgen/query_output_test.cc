// SPDX-License-Identifier: MIT
#include "loadgen/server/query_output.h"

#include <optional>

#include <gtest/gtest.h>

#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

using Values = std::vector<std::string>;

// Nothing when the file is refused.
std::optional<Values> Read(const std::string& text) {
  const testing::TempFile file("rows.json", text);
  Values values;
  const Status read =
      ReadRows(file.path(), [&](const Row& row) { values.push_back(row.front().second); });
  return read ? std::optional(values) : std::nullopt;
}

TEST(QueryOutput, HandsOutTheFirstValueOfEveryRow) {
  EXPECT_EQ(Read("[]\n"), Values());
  EXPECT_EQ(Read(R"([{"id":"a #1"},{"id":"\u00e9\"","more":"x"}])"), (Values{"a #1", "\u00e9\""}));
  EXPECT_EQ(Read(R"([{"n":17},{"n":-5},{"n":1.50},{"n":null},{"n":true}])"),
            (Values{"17", "-5", "1.50", "", "true"}));
}

TEST(QueryOutput, HandsOutAllColumnsInTheirOrder) {
  const testing::TempFile file("rows.json", R"([{"z":"1","a":2},{"b":null}])");
  std::vector<Row> rows;
  ASSERT_TRUE(ReadRows(file.path(), [&](const Row& row) { rows.push_back(row); }));
  EXPECT_EQ(rows, (std::vector<Row>{{{"z", "1"}, {"a", "2"}}, {{"b", ""}}}));
}

TEST(QueryOutput, RefusesWhatIsNoArrayOfRows) {
  for (const char* text : {"", "{", "[{\"a\":\"b\"}", "{\"a\":\"b\"}", "\"a\"", "[\"a\"]", "[[]]",
                           "[{}]", "[{\"a\":{}}]", "[{\"a\":[]}]", "[] x"}) {
    EXPECT_EQ(Read(text), std::nullopt) << text;
  }
}

TEST(QueryOutput, NamesAMissingFile) {
  const Status read = ReadRows("/nonexistent/rows.json", [](const Row&) {});
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("/nonexistent/rows.json"), std::string::npos);
}

TEST(QueryOutput, ReadsPragmasInTheirOrder) {
  const testing::TempFile file("p.json", R"({"sqlite":"3.40.1","journal_mode":"wal","a":5})"
                                         "\n");
  const Result<Pragmas> pragmas = ReadPragmas(file.path());
  ASSERT_TRUE(pragmas);
  EXPECT_EQ(*pragmas, (Pragmas{{"sqlite", "3.40.1"}, {"journal_mode", "wal"}, {"a", "5"}}));
}

TEST(QueryOutput, RefusesPragmasThatAreNoObject) {
  for (const char* text : {"", "[]", "{\"a\":"}) {
    EXPECT_FALSE(ReadPragmas(testing::TempFile("p.json", text).path())) << text;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
