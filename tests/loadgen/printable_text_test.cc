// SPDX-License-Identifier: MIT
#include "loadgen/report/printable_text.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

TEST(PrintableText, ShowsWhatATerminalWouldActOn) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", ""},
      {"GET /a\tb\n", "GET /a\tb\n"},
      {"Gr\xc3\xbc\xc3\x9f"
       "e \xe2\x96\x81 \xf0\x9f\xa6\x84",
       "Gr\xc3\xbc\xc3\x9f"
       "e \xe2\x96\x81 \xf0\x9f\xa6\x84"},
      {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
      {"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
      {"over\rwritten\x08\x7f", "over\\x0dwritten\\x08\\x7f"},
      {"C1 in UTF-8 \xc2\x9b"
       "31m",
       "C1 in UTF-8 \\xc2\\x9b"
       "31m"},
      {"no break \xc2\xa0", "no break \xc2\xa0"},
      {"C1 as it is \x9b"
       "31m",
       "C1 as it is \\x9b"
       "31m"},
      {"cut \xe2\x96", "cut \\xe2\\x96"},
      {"overlong \xc0\x9b", "overlong \\xc0\\x9b"},
      {std::string("\0", 1), "\\x00"}};
  for (const auto& [text, wanted] : table) {
    EXPECT_EQ(PrintableText(text), wanted);
    EXPECT_EQ(PrintableText(wanted), wanted) << "twice changes nothing";
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
