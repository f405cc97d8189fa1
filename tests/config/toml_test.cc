// SPDX-License-Identifier: MIT
#include "common/config/toml.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

std::vector<std::string> Keys(const Value& table) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : std::get<Table>(table.data)) {
    keys.push_back(key);
  }
  return keys;
}

TEST(ParseToml, KeepsTheOrderOfTheFile) {
  const Value root = Toml("z = 1\na = 2\n[m.y]\nq = 1\nb = 2\n[m.c]\n[b]\n");
  EXPECT_EQ(Keys(root), (std::vector<std::string>{"z", "a", "m", "b"}));
  EXPECT_EQ(Keys(Member(root, "m")), (std::vector<std::string>{"y", "c"}));
  EXPECT_EQ(Keys(Member(Member(root, "m"), "y")), (std::vector<std::string>{"q", "b"}));
}

TEST(ParseToml, PlacesMembersAtTheirKeyAndElementsAtThemselves) {
  const Value root = Toml("[server]\nbind = [\"a\",\n  \"b\"]\n[[endpoint]]\n  path = \"/\"\n");
  const Value& bind = Member(Member(root, "server"), "bind");
  EXPECT_EQ(bind.place.ToString(), "t.toml:2:1");
  EXPECT_EQ(std::get<Array>(bind.data).at(1).place.ToString(), "t.toml:3:3");
  const Value& endpoint = std::get<Array>(Member(root, "endpoint").data).at(0);
  EXPECT_EQ(endpoint.place.ToString(), "t.toml:4:1");
  EXPECT_EQ(Member(endpoint, "path").place.ToString(), "t.toml:5:3");
  EXPECT_EQ(root.place.ToString(), "t.toml");
}

TEST(ParseToml, AcceptsEmptyTextAndAByteOrderMark) {
  EXPECT_TRUE(Keys(Toml("")).empty());
  EXPECT_TRUE(Keys(Toml("\xEF\xBB\xBF")).empty());
  EXPECT_EQ(Keys(Toml("\xEF\xBB\xBF# x\r\na = 1\r\n")), std::vector<std::string>{"a"});
}

TEST(ParseToml, ErrorsBeginWithTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a = 1\nb = ", "t.toml:2:5: "},
      {"a = 1\na = 2", "t.toml:2:"},
      {"[x\n", "t.toml:1:"},
      {"a = \"open", "t.toml:1:"},
      {"a = 99999999999999999999", "t.toml:1:"},
      {"a = \"\xFF\"", "t.toml:1:"},
      {std::string("a = 1\n\0b = 2", 12), "t.toml:2:"},
      {"a = " + std::string(1000, '['), "t.toml:1:"},
      {"\xFF\xFE\x61\x00", "t.toml:1:"},
  };
  for (const auto& [text, place] : cases) {
    const std::string error = ErrorOf(ParseToml(text, "t.toml"));
    EXPECT_EQ(error.substr(0, place.size()), place) << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

TEST(ParseToml, RefusesDatesAndTimes) {
  for (const char* text : {"2026-01-01", "10:00:00", "2026-01-01T10:00:00Z"}) {
    EXPECT_EQ(ErrorOf(ParseToml(std::string("x = [") + text + "]", "t.toml")),
              "t.toml:1:6: dates and times have no meaning here; write a string in quotes");
  }
}

TEST(ReadTomlFile, ReadsAFileAndNamesItInPlaces) {
  const std::string path = testing::TempDir() + "reader.toml";
  ASSERT_TRUE(WriteFile(path, "\n  a = 1\n"));
  const auto root = ReadTomlFile(path);
  unlink(path.c_str());
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(Member(*root, "a").place.ToString(), path + ":2:3");
}

TEST(ReadTomlFile, NamesAMissingFileAndADirectory) {
  EXPECT_EQ(ErrorOf(ReadTomlFile("/nonexistent/a.toml")),
            "cannot read '/nonexistent/a.toml': No such file or directory");
  EXPECT_EQ(ErrorOf(ReadTomlFile("/")), "cannot read '/': Is a directory");
}

TEST(ParseTomlValue, TakesTomlValuesAndElseTheTextItself) {
  const Place place{"--set x"};
  EXPECT_EQ(std::get<std::int64_t>(ParseTomlValue("5", place).data), 5);
  EXPECT_EQ(std::get<double>(ParseTomlValue("2.5", place).data), 2.5);
  EXPECT_EQ(std::get<bool>(ParseTomlValue("true", place).data), true);
  EXPECT_EQ(std::get<std::string>(ParseTomlValue("\"5\"", place).data), "5");
  EXPECT_EQ(std::get<Array>(ParseTomlValue("[1, 2]", place).data).size(), 2U);
  for (const char* text : {"full", "", "/var/lib/a.db", "127.0.0.1:80", "2026-01-01", "1\nb = 2",
                           "5 6", "\"open", "#x"}) {
    EXPECT_EQ(std::get<std::string>(ParseTomlValue(text, place).data), text);
  }
}

TEST(ParseTomlValue, GivesEveryPartThePlace) {
  const Value value = ParseTomlValue("[{ think = \"1ms\" }]", Place{"--set x"});
  const Value& element = std::get<Array>(value.data).at(0);
  EXPECT_EQ(value.place.ToString(), "--set x");
  EXPECT_EQ(element.place.ToString(), "--set x");
  EXPECT_EQ(Member(element, "think").place.ToString(), "--set x");
}

TEST(TomlKey, QuotesWhatIsNotBare) {
  EXPECT_EQ(TomlKey("insert_row-2"), "insert_row-2");
  EXPECT_EQ(TomlKey("a.b"), "\"a.b\"");
  EXPECT_EQ(TomlKey(""), "\"\"");
}

TEST(TomlString, IsReadBackUnchanged) {
  for (const std::string text : {"", "plain", "\"quoted\\\"", "two\nlines\r\n\ttab", "\x01\x7F",
                                 "\u00e9\u20ac", "'''", "# no comment"}) {
    const Value root = Toml("v = " + TomlString(text));
    EXPECT_EQ(std::get<std::string>(Member(root, "v").data), text);
  }
}

TEST(TomlNumber, IsReadBackAsTheSameNumber) {
  for (const double number : {0.0, -2.0, 0.1, 1e22, 1e-7, 5.5}) {
    const Value root = Toml("v = " + TomlNumber(number));
    EXPECT_EQ(std::get<double>(Member(root, "v").data), number);
  }
}

TEST(TomlList, QuotesEachEntry) {
  EXPECT_EQ(TomlList({"a", "b\"c"}), R"(["a", "b\"c"])");
  EXPECT_EQ(TomlList({}), "[]");
}

}  // namespace

}  // namespace sqlicorn
