// SPDX-License-Identifier: MIT
#include "common/http/cookies.h"

#include <string>

#include <gtest/gtest.h>

#include "common/http/request_parser.h"

namespace sqlicorn {
namespace {

// What the cookie "a" is in a request with these header lines.
std::string CookieA(const std::string& lines) {
  RequestParser parser({});
  std::size_t consumed = 0;
  EXPECT_EQ(parser.Execute("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n", &consumed),
            Feed::kMessage);
  return std::string(FindCookie(parser.message(), "a").value_or("none"));
}

TEST(Cookies, AreFoundByTheFirstOfTheirName) {
  EXPECT_EQ(CookieA("Cookie: a=1\r\n"), "1");
  EXPECT_EQ(CookieA("Cookie: b=2; a=1; a=3\r\n"), "1");
  EXPECT_EQ(CookieA("cookie: b=2\r\nCookie: a = x=y ;c\r\n"), "x=y");
  EXPECT_EQ(CookieA("Cookie: a=\r\n"), "");
  EXPECT_EQ(CookieA("Cookie: a=\"q\"\r\n"), "\"q\"");
  EXPECT_EQ(CookieA("Cookie: aa=1; A=2; a\r\n"), "none");
  EXPECT_EQ(CookieA("Cookie: ;;=\r\n"), "none");
  EXPECT_EQ(CookieA(""), "none");
}

}  // namespace
}  // namespace sqlicorn
