// SPDX-License-Identifier: MIT
#include "common/base/text.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using namespace std::string_literals;

TEST(Utf8, AcceptsWellFormedText) {
  for (const std::string& text :
       {""s, "abc"s, "a\0b"s, "\xc2\x80"s, "\xdf\xbf"s, "\xe0\xa0\x80"s, "\xed\x9f\xbf"s,
        "\xef\xbf\xbf"s, "\xf0\x90\x80\x80"s, "\xf4\x8f\xbf\xbf"s, "12345678\xc3\xa9 12345678"s}) {
    EXPECT_TRUE(IsValidUtf8(text)) << testing::PrintToString(text);
  }
}

TEST(Utf8, RefusesOverlongSurrogatesAndFragments) {
  for (const std::string& text :
       {"\x80"s, "\xbf"s, "\xc0\x80"s, "\xc1\xbf"s, "\xc3"s, "\xc3\x28"s, "\xe0\x9f\xbf"s,
        "\xe2\x82"s, "\xe2\x28\xa1"s, "\xed\xa0\x80"s, "\xf0\x8f\xbf\xbf"s, "\xf4\x90\x80\x80"s,
        "\xf5\x80\x80\x80"s, "\xff"s, "12345678\xff"s, "1234567\xc3"s, "\xc3\xa9\xc3"s}) {
    EXPECT_FALSE(IsValidUtf8(text)) << testing::PrintToString(text);
  }
}

TEST(Utf8, TextIsWithoutNul) {
  EXPECT_TRUE(IsValidText("a\xc3\xa9"));
  EXPECT_FALSE(IsValidText("a\0b"s));
}

const std::vector<std::string> kNames = {"workers", "timeout", "graceful_timeout", "bind"};

TEST(DidYouMean, FindsTheNearestName) {
  EXPECT_EQ(DidYouMean("wrokers", kNames), " (did you mean 'workers'?)");
  EXPECT_EQ(DidYouMean("Graceful-Timeout", kNames), " (did you mean 'graceful_timeout'?)");
}

TEST(DidYouMean, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(DidYouMean("certificate", kNames), "");
  EXPECT_EQ(DidYouMean("x", kNames), "");
}

}  // namespace

}  // namespace sqlicorn
