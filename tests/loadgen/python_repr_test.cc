// SPDX-License-Identifier: MIT
#include "loadgen/stats/python_repr.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

TEST(PythonRepr, WritesFloatsAsPython) {
  const std::vector<std::pair<double, std::string>> cases = {
      {0, "0.0"},
      {2, "2.0"},
      {0.1, "0.1"},
      {42.874379577843754, "42.874379577843754"},
      {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},
      {0.0001, "0.0001"},
      {0.00001, "1e-05"},
      {1.0 / 3, "0.3333333333333333"},
  };
  for (const auto& [number, text] : cases) {
    EXPECT_EQ(PythonRepr(number), text);
  }
}

TEST(PythonRepr, TellsIntegersFromFloats) {
  EXPECT_EQ(PythonRepr(PythonNumber(std::int64_t{44})), "44");
  EXPECT_EQ(PythonRepr(PythonNumber(44.0)), "44.0");
}

TEST(PythonRepr, QuotesTextAsPython) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"plain", "'plain'"},
      {"I'm", "\"I'm\""},
      {"a\"b", "'a\"b'"},
      {"a'\"b", "'a\\'\"b'"},
      {"line\r\n\ttab\\", "'line\\r\\n\\ttab\\\\'"},
      {std::string("\x01\x7f", 2), "'\\x01\\x7f'"},
      {"\u00e9", "'\u00e9'"},
      {"\u0085\u00a0\u00ad", "'\\x85\\xa0\\xad'"},
  };
  for (const auto& [text, repr] : cases) {
    EXPECT_EQ(PythonRepr(std::string_view(text)), repr);
  }
}

TEST(Latin1ToUtf8, TurnsEveryOctetIntoACharacter) {
  EXPECT_EQ(Latin1ToUtf8("a\xe9"), "a\u00e9");
}

}  // namespace
}  // namespace sqlicorn::loadgen
