// SPDX-License-Identifier: MIT
#include "common/base/date_time.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86400 * kSecond;

TEST(DateTime, ReadsDaysOfTheCalendar) {
  EXPECT_EQ(ReadDate("1970-01-01"), 0);
  EXPECT_EQ(ReadDate("2026-11-28"), 20785);
  EXPECT_EQ(ReadDate("2024-02-29"), 19782);
  EXPECT_EQ(ReadDate("0000-01-01"), -719528);
  EXPECT_EQ(ReadDate("9999-12-31"), 2932896);
  for (const char* bad : {"", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-04-31",
                          "2026-1-1", "26-01-01", "2026-01-01 ", " 2026-01-01", "2026/01/01",
                          "2026-01-011", "+2026-01-01", "2026-01-0a", "20260101"}) {
    EXPECT_EQ(ReadDate(bad), std::nullopt) << bad;
  }
}

TEST(DateTime, ReadsMoments) {
  EXPECT_EQ(ReadTimestamp("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ReadTimestamp("1970-01-01 00:00:01Z"), kSecond);
  EXPECT_EQ(ReadTimestamp("1970-01-02T00:00:00.5Z"), kDay + kSecond / 2);
  EXPECT_EQ(ReadTimestamp("1970-01-01T00:00:00.0000019Z"), 1);
  EXPECT_EQ(ReadTimestamp("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(ReadTimestamp("1969-12-31T23:59:59-00:00"), -kSecond);
  EXPECT_EQ(ReadTimestamp("1970-01-01T00:00:00-14:59"), (14 * 60 + 59) * 60 * kSecond);
  for (const char* bad :
       {"", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00Z", "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z", "1990-12-31T23:59:60Z", "1970-01-01t00:00:00Z",
        "1970-01-01T00:00:00z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00+15:00",
        "1970-01-01T00:00:00+0100", "1970-01-01T00:00:00+01:60", "1970-01-01T00:00:00Z ",
        "1970-02-30T00:00:00Z", "1970-01-01T00:00:00.5"}) {
    EXPECT_EQ(ReadTimestamp(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace sqlicorn
