// SPDX-License-Identifier: MIT
#include "loadgen/web_view.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/terminal_keys.h"

namespace sqlicorn::loadgen {
namespace {

TEST(WebAddress, IsOfThisMachineWhereItNamesNoOther) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"8089", "127.0.0.1:8089"},           {":8089", "127.0.0.1:8089"},
      {"127.0.0.1:0", "127.0.0.1:0"},       {"[::1]:8089", "[::1]:8089"},
      {"localhost:8089", "127.0.0.1:8089"}, {"0.0.0.0:8089", "0.0.0.0:8089"}};
  for (const auto& [text, wanted] : table) {
    const Result<SocketAddress> address = ParseWebAddress(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->ToString(), wanted) << text;
  }
  for (const char* text : {"", ":", "here", "65536", "-1", "here:80", "[::1]", "1.2.3.4"}) {
    EXPECT_FALSE(ParseWebAddress(text)) << text;
  }
}

TEST(WebView, AnswersToAddressesAndLocalhostAlone) {
  for (const char* host :
       {"localhost", "localhost:80", "127.0.0.1:8089", "[::1]:8089", "10.1.2.3"}) {
    EXPECT_TRUE(IsOwnName(host)) << host;
  }
  for (const char* host :
       {"", ":80", "evil.example", "127.0.0.1.evil.example", "localhost.evil", "[", "[]"}) {
    EXPECT_FALSE(IsOwnName(host)) << host;
  }
}

TEST(TerminalKeys, AreLocusts) {
  EXPECT_EQ(UsersByKey('w'), 1);
  EXPECT_EQ(UsersByKey('W'), 10);
  EXPECT_EQ(UsersByKey('s'), -1);
  EXPECT_EQ(UsersByKey('S'), -10);
  for (const char key : {'x', ' ', '\n', '\0', '\x1b'}) {
    EXPECT_EQ(UsersByKey(key), 0);
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
