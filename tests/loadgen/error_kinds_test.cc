// SPDX-License-Identifier: MIT
#include "loadgen/stats/error_kinds.h"

#include <string>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

class ErrorKindsTest : public testing::Test {
 protected:
  void Fail(const std::string& error, int status = 0, std::string_view cause = "",
            std::size_t endpoint = 0) {
    Sample sample;
    sample.status = status;
    sample.cause = cause;
    kinds_.Count(endpoint, sample, error, ++now_us_);
  }

  [[nodiscard]] const ErrorStats& At(std::size_t i) const { return kinds_.list().at(i); }

  ErrorKinds kinds_;
  std::int64_t now_us_ = 0;
};

TEST(WithoutNumbers, LeavesOutWordsWithDigits) {
  struct Row {
    const char* error;
    const char* kept;
    const char* without;
  };

  for (const Row& row : {Row{"IncompleteRead(10 bytes read, 90 more expected)", "0",
                             "IncompleteRead(# bytes read, # more expected)"},
                         Row{"HTTPError('503 Server Error: job a7-f9e2 for url: /x')", "503",
                             "HTTPError('503 Server Error: job #-# for url: /x')"},
                         Row{"HTTPError('500 Server Error: Err 500 at 0.14')", "500",
                             "HTTPError('500 Server Error: Err # at #.#')"},
                         Row{"(SQLITE_BUSY)", "0", "(SQLITE_BUSY)"}, Row{"", "0", ""},
                         Row{"\xc3\xa4 1\n", "0", "\xc3\xa4 #\n"}}) {
    EXPECT_EQ(WithoutNumbers(row.error, row.kept), row.without);
  }
}

TEST(WithoutNumbers, CutsLongTextsBetweenCharacters) {
  const std::string text = std::string(399, 'x') + "\xc3\xa4" + std::string(100, 'y');
  EXPECT_EQ(WithoutNumbers(text, ""), std::string(399, 'x'));
}

TEST_F(ErrorKindsTest, KeepATextThatDoesNotVary) {
  Fail("HTTPError('404 Client Error: Not Found for url: /404')", 404);
  Fail("HTTPError('404 Client Error: Not Found for url: /404')", 404);
  ASSERT_EQ(kinds_.list().size(), 1U);
  EXPECT_EQ(At(0).error, "HTTPError('404 Client Error: Not Found for url: /404')");
  EXPECT_EQ(At(0).occurrences, 2U);
  EXPECT_EQ(At(0).first_seen_us, 1);
  EXPECT_EQ(At(0).last_seen_us, 2);
}

TEST_F(ErrorKindsTest, LeaveOutWhatVaries) {
  Fail("IncompleteRead(10 bytes read, 90 more expected)");
  Fail("IncompleteRead(20 bytes read, 80 more expected)");
  Fail("IncompleteRead(10 bytes read, 90 more expected)");
  ASSERT_EQ(kinds_.list().size(), 1U);
  EXPECT_EQ(At(0).error, "IncompleteRead(# bytes read, # more expected)");
  EXPECT_EQ(At(0).occurrences, 3U);
}

TEST_F(ErrorKindsTest, TellStatusesCausesAndEndpointsApart) {
  Fail("Error 500", 500);
  Fail("Error 503", 503);
  Fail("Error 503", 503, "SQLITE_BUSY");
  Fail("Error 503", 503, "SQLITE_FULL");
  Fail("Error 503", 503, "SQLITE_FULL", 1);
  EXPECT_EQ(kinds_.list().size(), 5U);
}

TEST_F(ErrorKindsTest, AreAtMostAHundredAndOthers) {
  for (int i = 0; i < 100'000; ++i) {
    std::string words;  // without a digit
    for (int rest = i; rest > 0; rest /= 26) {
      words += static_cast<char>('a' + rest % 26);
    }
    Fail("new every time: " + words, 500, "", static_cast<std::size_t>(i % 2));
  }
  ASSERT_EQ(kinds_.list().size(), ErrorKinds::kMax + 2);
  EXPECT_EQ(At(100).error, "others: more than 100 kinds of errors");
  EXPECT_EQ(At(100).occurrences + At(101).occurrences, 100'000U - 100);
  EXPECT_NE(At(100).endpoint, At(101).endpoint);
}

}  // namespace
}  // namespace sqlicorn::loadgen
