// SPDX-License-Identifier: MIT
#include "common/base/numbers.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

struct IntegerCase {
  const char* text;
  std::optional<std::int64_t> number;
};

TEST(ParseWhole, TakesAnIntegerThatIsTheWholeText) {
  const std::vector<IntegerCase> cases = {
      {"0", 0},
      {"-7", -7},
      {"0012", 12},
      {"9223372036854775807", INT64_MAX},
      {"9223372036854775808", std::nullopt},
      {"", std::nullopt},
      {"+1", std::nullopt},
      {" 1", std::nullopt},
      {"1 ", std::nullopt},
      {"1x", std::nullopt},
      {"0x1", std::nullopt},
      {"1.0", std::nullopt},
  };
  for (const IntegerCase& c : cases) {
    EXPECT_EQ(ParseWhole<std::int64_t>(c.text), c.number) << c.text;
  }
}

TEST(ParseWhole, RefusesWhatTheTypeCannotHold) {
  EXPECT_EQ(ParseWhole<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(ParseWhole<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(ParseWhole<std::uint16_t>("-1"), std::nullopt);
}

TEST(ParseWhole, TakesAnotherBase) {
  EXPECT_EQ(ParseWhole<int>("0600", 8), 0600);
  EXPECT_EQ(ParseWhole<int>("8", 8), std::nullopt);
  EXPECT_EQ(ParseWhole<int>("fF", 16), 255);
}

TEST(ParseWhole, TakesAReal) {
  EXPECT_EQ(ParseWhole<double>("-1.5e3"), -1500.0);
  EXPECT_EQ(ParseWhole<double>("1.5s"), std::nullopt);
  EXPECT_EQ(ParseWhole<double>("1e999"), std::nullopt);
}

using namespace std::chrono_literals;

TEST(ParseDuration, ReadsEveryUnitAndSums) {
  EXPECT_EQ(ParseDuration("250us").value(), 250us);
  EXPECT_EQ(ParseDuration("1.5ms").value(), 1500us);
  EXPECT_EQ(ParseDuration("30s").value(), 30s);
  EXPECT_EQ(ParseDuration("1h20m").value(), 80min);
  EXPECT_EQ(ParseDuration("0s").value(), 0s);
}

TEST(ParseDuration, RefusesWhatHasNoUnitOrNoSense) {
  for (const char* text :
       {"", "5", "ms", "-1s", "1x", "1s2", "1 s", "99999999999h", "nan", "infs", "1h1h", "20s3m"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

TEST(FormatDuration, IsReadBackUnchanged) {
  for (const Duration d : {Duration(0us), Duration(250us), Duration(1500us), Duration(30s)}) {
    EXPECT_EQ(ParseDuration(FormatDuration(d)).value(), d) << FormatDuration(d);
  }
}

}  // namespace

}  // namespace sqlicorn
