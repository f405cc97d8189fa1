// SPDX-License-Identifier: MIT
#include "common/config/toml_text.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

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
