// SPDX-License-Identifier: MIT
#include "loadgen/run/cookie_jar.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

constexpr std::int64_t kNow = 1'000'000'000;  // 9 September 2001

struct Case {
  std::vector<std::string> set;  // by the answer to /a/b
  std::string path;
  std::string cookies;
};

TEST(CookieJar, SendsBackWhatItWasTold) {
  const std::vector<Case> cases = {
      {{}, "/", ""},
      {{"s=1"}, "/a/c", "s=1"},
      {{"s=1; HttpOnly; SameSite=Lax", "t=\"x y\""}, "/a/", "s=1; t=\"x y\""},
      {{" s = 1 ;Path=/"}, "/", "s=1"},
      {{"s=1", "s=2"}, "/a/", "s=2"},
      {{"s=1; Path=/", "s=2; path=/a"}, "/a/", "s=2; s=1"},
      {{"s=a=b"}, "/a/", "s=a=b"},
      {{"=1", "", ";", "x; Path=/"}, "/a/", "x="},
      {{"s=1; Secure"}, "/a/", ""},
  };
  for (const Case& c : cases) {
    CookieJar jar;
    for (const std::string& cookie : c.set) {
      jar.Store(cookie, "/a/b", kNow);
    }
    EXPECT_EQ(jar.For(c.path, kNow), c.cookies) << testing::PrintToString(c.set);
  }
}

TEST(CookieJar, SendsACookieUnderItsPathOnly) {
  const std::vector<std::pair<std::string, std::vector<std::pair<std::string, bool>>>> cases = {
      {"s=1", {{"/a", true}, {"/a/", true}, {"/a/x/y", true}, {"/ab", false}, {"/", false}}},
      {"s=1; Path=/", {{"/", true}, {"/x", true}}},
      {"s=1; Path=/x/", {{"/x/", true}, {"/x/y", true}, {"/x", false}}},
      {"s=1; Path=x", {{"/a", true}, {"/x", false}}},
  };
  for (const auto& [cookie, paths] : cases) {
    CookieJar jar;
    jar.Store(cookie, "/a/b", kNow);
    for (const auto& [path, sent] : paths) {
      EXPECT_EQ(jar.For(path, kNow) != "", sent) << cookie << " to " << path;
    }
  }
}

TEST(CookieJar, ForgetsInTime) {
  const auto after = [](const std::string& cookie, std::int64_t seconds) {
    CookieJar jar;
    jar.Store("s=0; Path=/", "/", kNow);
    jar.Store(cookie, "/", kNow);
    return std::string(jar.For("/", kNow + seconds));
  };
  EXPECT_EQ(after("s=1; Path=/; Max-Age=10", 9), "s=1");
  EXPECT_EQ(after("s=1; Path=/; Max-Age=10", 10), "");
  EXPECT_EQ(after("s=1; Path=/; Max-Age=0", 0), "");
  EXPECT_EQ(after("s=1; Path=/; Max-Age=-5", 0), "");
  EXPECT_EQ(after("s=1; Path=/; Max-Age=x", 99), "s=1");
  EXPECT_EQ(after("s=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0), "");
  EXPECT_EQ(after("s=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT", 0), "");
  EXPECT_EQ(after("s=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5", 4), "s=1");
  EXPECT_EQ(after("s=1; Path=/; Expires=Sun, 09 Sep 2001 01:46:45 GMT", 4), "s=1");
  EXPECT_EQ(after("s=1; Path=/; Expires=Sun, 09 Sep 2001 01:46:45 GMT", 5), "");
  EXPECT_EQ(after("s=1; Path=/; Expires=tomorrow", 0), "s=1");
}

TEST(Cookies, StandAtTheEndOfTheHead) {
  const std::string request = "POST /a/b?c=/d HTTP/1.1\r\nHost: x\r\n\r\nbody\r\n\r\n";
  std::string scratch;
  EXPECT_EQ(WithCookies(request, "", &scratch), request);
  EXPECT_EQ(WithCookies(request, "s=1", &scratch),
            "POST /a/b?c=/d HTTP/1.1\r\nHost: x\r\nCookie: s=1\r\n\r\nbody\r\n\r\n");
  EXPECT_EQ(PathOf(request), "/a/b");
}

}  // namespace
}  // namespace sqlicorn::loadgen
