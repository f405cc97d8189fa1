// SPDX-License-Identifier: MIT
#include "loadgen/scenario/csv.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsNamesAndRows) {
  const std::vector<std::pair<std::string, Rows>> cases = {
      {"a,b\n1,2\n3,4\n", {{"1", "2"}, {"3", "4"}}},
      {"a,b\r\n1,2\r\n3,4", {{"1", "2"}, {"3", "4"}}},
      {"\xEF\xBB\xBF"
       "a,b\n1,\n,2\n",
       {{"1", ""}, {"", "2"}}},
      {"a,b\n\"x, \"\"y\"\"\",\"two\nlines\"\n", {{"x, \"y\"", "two\nlines"}}},
      {"a,b\n\n1,2\n\n", {{"1", "2"}}},
      {"a,b\n 1 ,2\r\r\n", {{" 1 ", "2\r"}}},
  };
  for (const auto& [text, rows] : cases) {
    const Result<CsvTable> table = ParseCsv(text);
    ASSERT_TRUE(table.ok()) << text;
    EXPECT_EQ(table.value().columns, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(table.value().rows, rows) << text;
  }
}

TEST(Csv, NamesTheLineThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "there is no line under the one with the names of the columns"},
      {"a,b\n", "there is no line under the one with the names of the columns"},
      {"a,b\n1\n", "line 2: 1 fields where the first line names 2"},
      {"a,b\n\"1\n\n\",2\n1,2,3\n", "line 5: 3 fields where the first line names 2"},
      {"a,b\n1,\"2\n", "line 2: the quote that opens a field is not closed"},
      {"a,b\n\"1\"x,2\n", "line 2: a comma must follow the closing quote"},
      {"a\n\xff\n", "line 2: not UTF-8, or a NUL character"},
  };
  for (const auto& [text, message] : cases) {
    const Result<CsvTable> table = ParseCsv(text);
    ASSERT_FALSE(table.ok()) << text;
    EXPECT_EQ(table.error().message, message) << text;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
