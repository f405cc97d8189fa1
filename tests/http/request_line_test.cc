// SPDX-License-Identifier: MIT
#include "common/http/request_line.h"

#include <gtest/gtest.h>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

TEST(Host, IsNameOrAddressWithPort) {
  for (const char* host : {"", "a", "a.b-c_d", "127.0.0.1:8000", "[::1]", "[::1]:80", "a:", "a:80",
                           "[::ffff:127.0.0.1]:80"}) {
    EXPECT_TRUE(IsHost(host)) << host;
  }
  for (const char* host : {"a b", "u@a", "a/b", "a?b", "a:b", "a:1:2", ":80", "[::1", "[]", "[g]",
                           "[::1]a", "a:123456", "a\\b", "\"a\"", "a,b\x80"}) {
    EXPECT_FALSE(IsHost(host)) << host;
  }
}

TEST(QuoteForLog, ShortensAndEscapes) {
  EXPECT_EQ(QuoteForLog("a\r\n\x7f"), "'a\\x0d\\x0a\\x7f'");
  EXPECT_EQ(QuoteForLog("a' \\x0d"), "'a\\' \\\\x0d'");
  EXPECT_EQ(QuoteForLog(std::string(81, 'a')), "'" + std::string(80, 'a') + "...'");
}

}  // namespace
}  // namespace sqlicorn
