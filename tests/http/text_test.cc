// SPDX-License-Identifier: MIT
#include "common/base/text.h"

#include <gtest/gtest.h>

#include "common/http/ascii.h"
#include "common/http/request_line.h"
#include "common/http/url.h"

namespace sqlicorn {
namespace {

using namespace std::string_literals;

TEST(Utf8, AcceptsWellFormedText) {
  for (const std::string& text :
       {""s, "abc"s, "a\0b"s, "\xc2\x80"s, "\xdf\xbf"s, "\xe0\xa0\x80"s, "\xed\x9f\xbf"s,
        "\xef\xbf\xbf"s, "\xf0\x90\x80\x80"s, "\xf4\x8f\xbf\xbf"s, "12345678\xc3\xa9 12345678"s}) {
    EXPECT_TRUE(IsValidUtf8(text)) << QuoteForLog(text);
  }
}

TEST(Utf8, RefusesOverlongSurrogatesAndFragments) {
  for (const std::string& text :
       {"\x80"s, "\xbf"s, "\xc0\x80"s, "\xc1\xbf"s, "\xc3"s, "\xc3\x28"s, "\xe0\x9f\xbf"s,
        "\xe2\x82"s, "\xe2\x28\xa1"s, "\xed\xa0\x80"s, "\xf0\x8f\xbf\xbf"s, "\xf4\x90\x80\x80"s,
        "\xf5\x80\x80\x80"s, "\xff"s, "12345678\xff"s, "1234567\xc3"s, "\xc3\xa9\xc3"s}) {
    EXPECT_FALSE(IsValidUtf8(text)) << QuoteForLog(text);
  }
}

TEST(Utf8, TextIsWithoutNul) {
  EXPECT_TRUE(IsValidText("a\xc3\xa9"));
  EXPECT_FALSE(IsValidText("a\0b"s));
}

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

TEST(SplitUrl, TakesAddressPortAndTarget) {
  const Url url = SplitUrl("http://127.0.0.1:8000/read/?a=1").value();
  EXPECT_EQ(url.address, "127.0.0.1");
  EXPECT_EQ(url.port, 8000);
  EXPECT_EQ(url.authority, "127.0.0.1:8000");
  EXPECT_EQ(url.target, "/read/?a=1");
}

TEST(SplitUrl, FillsInWhatIsLeftOut) {
  const Url url = SplitUrl("http://localhost").value();
  EXPECT_EQ(url.address, "localhost");
  EXPECT_EQ(url.port, 80);
  EXPECT_EQ(url.authority, "localhost");
  EXPECT_EQ(url.target, "/");
  EXPECT_EQ(SplitUrl("http://a-b.example.com:81/").value().address, "a-b.example.com");
  EXPECT_FALSE(SplitUrl("http://" + std::string(254, 'a')));
  EXPECT_EQ(SplitUrl("http://[::1]:81?q").value().address, "::1");
  EXPECT_EQ(SplitUrl("http://[::1]:81?q").value().target, "/?q");
}

TEST(SplitUrl, RefusesWhatItCannotReach) {
  for (const char* text :
       {"", "127.0.0.1", "https://127.0.0.1", "http://", "http://a,b/", "http://[example.com]/",
        "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:", "http://127.0.0.1:8x",
        "http://[::1", "http://[::1]8", "http://u@127.0.0.1/", "http://127.0.0.1/a b",
        "http://127.0.0.1/#a"}) {
    EXPECT_FALSE(SplitUrl(text)) << text;
  }
}

TEST(QuoteForLog, ShortensAndEscapes) {
  EXPECT_EQ(QuoteForLog("a\r\n\x7f"), "'a\\x0d\\x0a\\x7f'");
  EXPECT_EQ(QuoteForLog("a' \\x0d"), "'a\\' \\\\x0d'");
  EXPECT_EQ(QuoteForLog(std::string(81, 'a')), "'" + std::string(80, 'a') + "...'");
}

}  // namespace
}  // namespace sqlicorn
