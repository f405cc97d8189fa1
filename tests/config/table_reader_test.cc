// SPDX-License-Identifier: MIT
#include "common/config/table_reader.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

enum class Colour { kRed, kBlue };

const Choices<Colour> kColours = {{"red", Colour::kRed}, {"blue", Colour::kBlue}};

TEST(TableReader, ReadsEveryType) {
  const Value root = Toml(
      "flag = true\ncount = 5\nratio = 2\nname = \"x\"\nlist = [\"a\", \"b\"]\none = \"c\"\n"
      "wait = \"250ms\"\ncolour = \"blue\"\n");
  TableReader reader(root, "t");
  bool flag = false;
  std::int64_t count = 0;
  double ratio = 0;
  std::string name;
  std::vector<std::string> list;
  std::vector<std::string> one;
  Duration wait{};
  Colour colour = Colour::kRed;
  EXPECT_TRUE(reader.Read("flag", &flag) && reader.Read("count", &count) &&
              reader.Read("ratio", &ratio) && reader.Read("name", &name) &&
              reader.Read("list", &list) && reader.Read("one", &one) &&
              reader.Read("wait", &wait) && reader.ReadChoice("colour", kColours, &colour));
  EXPECT_EQ(ErrorOf(reader.Finish()), "");
  EXPECT_TRUE(flag);
  EXPECT_EQ(count, 5);
  EXPECT_EQ(ratio, 2.0);
  EXPECT_EQ(name, "x");
  EXPECT_EQ(list, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(one, std::vector<std::string>{"c"});
  EXPECT_EQ(wait, 250ms);
  EXPECT_EQ(colour, Colour::kBlue);
}

TEST(TableReader, LeavesTheDefaultOfAnAbsentKey) {
  const Value root = Toml("");
  TableReader reader(root, "t");
  std::int64_t count = 7;
  EXPECT_FALSE(reader.Read("count", &count));
  EXPECT_EQ(count, 7);
  EXPECT_EQ(ErrorOf(reader.Finish()), "");
}

// Reads `k` as a T.
template <typename T>
std::string ErrorReading(const std::string& toml_value) {
  const Value root = Toml("k = " + toml_value);
  TableReader reader(root, "t");
  T value{};
  EXPECT_FALSE(reader.Read("k", &value)) << toml_value;
  return ErrorOf(reader.Finish());
}

TEST(TableReader, NamesWhatWasFoundAndWhatIsWanted) {
  EXPECT_EQ(ErrorReading<bool>("1"), "t.toml:1:1: t.k must be true or false, not the integer 1");
  EXPECT_EQ(ErrorReading<std::int64_t>("\"four\""),
            "t.toml:1:1: t.k must be an integer, not the string \"four\"");
  EXPECT_EQ(ErrorReading<std::int64_t>("4.0"),
            "t.toml:1:1: t.k must be an integer, not the number 4.0");
  EXPECT_EQ(ErrorReading<double>("inf"), "t.toml:1:1: t.k must be a number, not the number inf");
  EXPECT_EQ(ErrorReading<double>("nan"), "t.toml:1:1: t.k must be a number, not the number nan");
  EXPECT_EQ(ErrorReading<std::string>("{}"), "t.toml:1:1: t.k must be a string, not a table");
  EXPECT_EQ(ErrorReading<std::string>("\"a\\u0000b\""),
            "t.toml:1:1: t.k must be a string without NUL characters, not the string "
            "\"a\\u0000b\"");
  EXPECT_EQ(ErrorReading<std::vector<std::string>>("5"),
            "t.toml:1:1: t.k must be a string or a list of strings, not the integer 5");
  EXPECT_EQ(ErrorReading<std::vector<std::string>>("[\"a\", 5]"),
            "t.toml:1:11: t.k must be a list of strings, not the integer 5");
  EXPECT_EQ(ErrorReading<Duration>("5"),
            "t.toml:1:1: t.k must be a duration such as \"250ms\" or \"30s\", not the integer 5");
  EXPECT_EQ(ErrorReading<Duration>("\"5 s\""),
            "t.toml:1:1: t.k must be a duration such as \"250ms\" or \"30s\", not the string "
            "\"5 s\"");
}

TEST(TableReader, ChecksRanges) {
  const Value root = Toml("i = 9\nd = 0.5\nw = \"2s\"\n");
  std::int64_t i = 0;
  double d = 0;
  Duration w{};
  TableReader good(root, "t");
  EXPECT_TRUE(good.ReadInRange("i", Range<std::int64_t>{1, 9}, &i));
  EXPECT_TRUE(good.ReadInRange("d", Range<double>{0.5, 1}, &d));
  EXPECT_TRUE(good.ReadInRange("w", Range<Duration>{1s, 2s}, &w));
  const Value integer = Toml("i = 9\n");
  TableReader bad_integer(integer, "t");
  EXPECT_FALSE(bad_integer.ReadInRange("i", Range<std::int64_t>{1, 8}, &i));
  EXPECT_EQ(ErrorOf(bad_integer.Finish()), "t.toml:1:1: t.i must be 1 to 8, not 9");
  const Value number = Toml("d = 0.5\n");
  TableReader bad_number(number, "t");
  EXPECT_FALSE(bad_number.ReadInRange("d", Range<double>{1, 2}, &d));
  EXPECT_EQ(ErrorOf(bad_number.Finish()), "t.toml:1:1: t.d must be 1 to 2, not 0.5");
  const Value duration = Toml("w = \"2s\"\n");
  TableReader bad_duration(duration, "t");
  EXPECT_FALSE(bad_duration.ReadInRange("w", Range<Duration>{1ms, 1s}, &w));
  EXPECT_EQ(ErrorOf(bad_duration.Finish()), "t.toml:1:1: t.w must be 1ms to 1s, not 2s");
}

TEST(TableReader, ListsTheChoicesAndTheNearest) {
  const Value root = Toml("k = \"blu\"");
  TableReader reader(root, "t");
  Colour colour = Colour::kRed;
  EXPECT_FALSE(reader.ReadChoice("k", {{"red", Colour::kRed}, {"blue", Colour::kBlue}}, &colour));
  EXPECT_EQ(ErrorOf(reader.Finish()),
            "t.toml:1:1: t.k must be one of red, blue, not the string \"blu\" (did you mean "
            "'blue'?)");
}

TEST(TableReader, RefusesUnknownKeys) {
  const Value root = Toml("workers = 1\n  wrokers = 2\nother = 3\n");
  TableReader reader(root, "server");
  std::int64_t workers = 0;
  reader.Read("workers", &workers);
  EXPECT_EQ(ErrorOf(reader.Finish()),
            "t.toml:2:3: unknown key 'wrokers' in [server] (did you mean 'workers'?)\n"
            "t.toml:3:1: unknown key 'other' in [server]");
}

TEST(TableReader, ReportsAMisspeltKeyBeforeAMissingOne) {
  const Value root = Toml("pth = \"x\"");
  std::string path;
  TableReader reader(root, "");
  EXPECT_FALSE(reader.Require("path", &path));
  EXPECT_EQ(ErrorOf(reader.Finish()),
            "t.toml:1:1: unknown key 'pth' at the top level (did you mean 'path'?)");
}

TEST(TableReader, ReportsAMissingKeyAtTheTable) {
  const Value root = Toml("[database]\n");
  std::string path;
  TableReader reader(Member(root, "database"), "database");
  EXPECT_FALSE(reader.Require("path", &path));
  EXPECT_EQ(ErrorOf(reader.Finish()), "t.toml:1:2: [database] needs 'path'");
}

TEST(TableReader, TellsAllErrorsInTheOrderOfTheFile) {
  const Value root = Toml("a = 1\nb = 2\nc = 3\n");
  TableReader reader(root, "t");
  std::string text;
  reader.Read("b", &text);
  reader.Read("a", &text);
  reader.Require("d", &text);
  EXPECT_EQ(ErrorOf(reader.Finish()),
            "t.toml:1:1: t.a must be a string, not the integer 1\n"
            "t.toml:2:1: t.b must be a string, not the integer 2\n"
            "t.toml:3:1: unknown key 'c' in [t]");
}

TEST(TableReader, HandsOutSubTablesAndArraysOfTables) {
  const Value root = Toml("[server]\n[[endpoint]]\n[[endpoint]]\n");
  TableReader reader(root, "");
  EXPECT_EQ(reader.ReadTable("server"), &Member(root, "server"));
  EXPECT_EQ(reader.ReadTable("absent"), nullptr);
  EXPECT_EQ(reader.ReadTables("endpoint").size(), 2U);
  EXPECT_TRUE(reader.ReadTables("absent").empty());
  EXPECT_EQ(ErrorOf(reader.Finish()), "");
}

TEST(TableReader, RefusesWhatIsNoTable) {
  const Value number = Toml("server = 5\n");
  TableReader table(number, "");
  EXPECT_EQ(table.ReadTable("server"), nullptr);
  EXPECT_EQ(ErrorOf(table.Finish()), "t.toml:1:1: server must be a table, not the integer 5");
  const Value single = Toml("[endpoint]\n");
  TableReader tables(single, "");
  EXPECT_TRUE(tables.ReadTables("endpoint").empty());
  EXPECT_EQ(ErrorOf(tables.Finish()),
            "t.toml:1:2: endpoint must be an array of tables, each under [[endpoint]], not a "
            "table");
}

TEST(TableReader, NamesTheElementsOfAnArrayOfTables) {
  const Value root = Toml("path = 5\n");
  std::string path;
  TableReader reader(root, "[endpoint]");
  EXPECT_EQ(ErrorOf(reader.Finish()), "t.toml:1:1: unknown key 'path' in [[endpoint]]");
  reader.Read("path", &path);
  EXPECT_EQ(ErrorOf(reader.Finish()),
            "t.toml:1:1: endpoint.path must be a string, not the integer 5");
}

TEST(NameOf, IsTheReverseOfReadChoice) {
  EXPECT_EQ(NameOf(kColours, Colour::kBlue), "blue");
}

}  // namespace
}  // namespace sqlicorn
