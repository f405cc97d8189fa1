// SPDX-License-Identifier: MIT
#include "worker/request/number_text.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(NumberText, ReadsIntegersExactly) {
  const struct {
    const char* text;
    std::int64_t integer;
  } cases[] = {
      {"0", 0},
      {"-0", 0},
      {"-0.0", 0},
      {"0e99", 0},
      {"+5", 5},
      {" 5", 5},
      {" -5 ", -5},
      {"\t5", 5},
      {"007", 7},
      {"1.0", 1},
      {"1.", 1},
      {"-1.50e1", -15},
      {"1e3", 1000},
      {"1E+3", 1000},
      {"1500e-2", 15},
      {"0.0015e4", 15},
      {"9223372036854775807", INT64_MAX},
      {"-9223372036854775808", INT64_MIN},
      {"9223372036854775807.0", INT64_MAX},
      {"-922337203685477580.8e1", INT64_MIN},
      {"9007199254740993.0", 9007199254740993},
      {"1.00000000000000000000000000000000000000", 1},
      {"9e18", 9000000000000000000},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(ReadInteger(c.text), c.integer) << c.text;
  }
}

TEST(NumberText, TakesNothingElseForAnInteger) {
  for (const char* text : {"",
                           " ",
                           "+",
                           "-",
                           "++5",
                           "+-5",
                           "-+5",
                           "--5",
                           "5 5",
                           "0x10",
                           "1e",
                           "e1",
                           ".",
                           "1.5",
                           "0.99999999999999999999",
                           "1e-1",
                           "9223372036854775808",
                           "-9223372036854775809",
                           "9223372036854775808.0",
                           "1e19",
                           "1e400",
                           "1e-400",
                           "1e99999999999999999999",
                           "inf",
                           "nan",
                           "1,0",
                           "5x",
                           "true"}) {
    EXPECT_EQ(ReadInteger(text), std::nullopt) << text;
  }
}

TEST(NumberText, RoundsToTheNearestReal) {
  const std::string zeros(400, '0');

  const struct {
    std::string text;
    double real;
  } cases[] = {
      {"+1.5", 1.5},
      {" 7 ", 7},
      {"9223372036854775808", 9223372036854775808.0},
      {"18446744073709551616", 18446744073709551616.0},
      {"5e-324", 5e-324},
      {"1e-400", 0},
      {"1e-99999999999999999999", 0},
      {"0." + zeros + "1", 0},
      {"1" + zeros + "e-400", 1},
      {"1" + zeros + "e-900", 0},
      {"0." + zeros + "1e401", 1},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(ReadReal(c.text), c.real) << c.text;
  }
  EXPECT_TRUE(std::signbit(ReadReal("-1e-400").value()));
}

TEST(NumberText, TakesNothingElseForAReal) {
  const std::string zeros(400, '0');
  for (const std::string& text :
       {std::string("1e400"), std::string("-1e400"), "1" + zeros, "1" + zeros + "e-1",
        "0." + zeros + "1e900", std::string("1e99999999999999999999"), std::string("inf"),
        std::string("nan"), std::string("0x1p3"), std::string(""), std::string("+"),
        std::string("1.5x"), std::string("1e400x")}) {
    EXPECT_EQ(ReadReal(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sqlicorn
