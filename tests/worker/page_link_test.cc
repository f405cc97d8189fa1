// SPDX-License-Identifier: MIT
#include "worker/answer/page_link.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(PageLink, SetsOneFieldOfTheQuery) {
  EXPECT_EQ(NextLink("/issues", "", "offset", "10"), "</issues?offset=10>; rel=\"next\"");
  EXPECT_EQ(NextLink("/issues", "limit=10&offset=10", "offset", "20"),
            "</issues?limit=10&offset=20>; rel=\"next\"");
  EXPECT_EQ(NextLink("/issues", "offset=1&&q=a%20b&offset", "offset", "2"),
            "</issues?q=a%20b&offset=2>; rel=\"next\"");
  EXPECT_EQ(NextLink("/x", "offsets=1", "offset", "2"), "</x?offsets=1&offset=2>; rel=\"next\"");
}

TEST(PageLink, HoldsNothingThatWouldEndIt) {
  EXPECT_EQ(NextLink("/a>b", "q=<\">", "after", "x&y=\"\r\n>"),
            "</a%3Eb?q=%3C%22%3E&after=x%26y%3D%22%0D%0A%3E>; rel=\"next\"");
}

}  // namespace
}  // namespace sqlicorn
