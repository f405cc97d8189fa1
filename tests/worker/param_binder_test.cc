// SPDX-License-Identifier: MIT
#include "worker/request/param_binder.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/worker/param_testing.h"

namespace sqlicorn {
namespace {

TEST(ParamBinder, ReadsIntegersExactly) {
  const ParamSpec spec = Required(ParamType::kInteger);
  EXPECT_EQ(FromQuery(spec, "a=9223372036854775807"), "integer 9223372036854775807");
  EXPECT_EQ(FromQuery(spec, "a=-9223372036854775808"), "integer -9223372036854775808");
  EXPECT_EQ(FromQuery(spec, "a=%2B5"), "integer 5");
  EXPECT_EQ(FromQuery(spec, "a=+5"), "integer 5");
  EXPECT_EQ(FromQuery(spec, "a=1.0"), "integer 1");
  EXPECT_EQ(FromQuery(spec, "a=1e3"), "integer 1000");
  for (const char* bad : {"9223372036854775808", "-9223372036854775809", "1.5", "0x10", "1%2B", "",
                          "+", "abc", "--1"}) {
    EXPECT_EQ(FromQuery(spec, std::string("a=") + bad), "field 'a' must be an integer") << bad;
  }
}

TEST(ParamBinder, ReadsFiniteReals) {
  const ParamSpec spec = Required(ParamType::kReal);
  EXPECT_EQ(FromQuery(spec, "a=1.5e-3"), "real 0.0015");
  EXPECT_EQ(FromQuery(spec, "a=-0.0"), "real -0");
  EXPECT_EQ(FromQuery(spec, "a=7"), "real 7");
  EXPECT_EQ(FromQuery(spec, "a=1e308"), "real 1e+308");
  for (const char* bad :
       {"nan", "inf", "-inf", "INFINITY", "1e400", "-1e400", "0x1p3", "1,5", "", "1.5x", "."}) {
    EXPECT_EQ(FromQuery(spec, std::string("a=") + bad), "field 'a' must be a number") << bad;
  }
}

TEST(ParamBinder, TakesTypedJsonOnlyWhereTheTypeFits) {
  const ParamSpec text = Required(ParamType::kText);
  const ParamSpec integer = Required(ParamType::kInteger);
  const ParamSpec real = Required(ParamType::kReal);
  EXPECT_EQ(FromJson(text, R"("x")"), "text x");
  EXPECT_EQ(FromJson(text, "1"), "field 'a' must be text");
  EXPECT_EQ(FromJson(integer, "-3"), "integer -3");
  EXPECT_EQ(FromJson(integer, "true"), "integer 1");
  EXPECT_EQ(FromJson(integer, "3.0"), "integer 3");
  EXPECT_EQ(FromJson(integer, "-0.0"), "integer 0");
  EXPECT_EQ(FromJson(integer, "3.5"), "field 'a' must be an integer");
  EXPECT_EQ(FromJson(integer, "9223372036854775808"), "field 'a' must be an integer");
  EXPECT_EQ(FromJson(integer, R"("3")"), "field 'a' must be an integer");
  EXPECT_EQ(FromJson(integer, "18446744073709551616"), "field 'a' must be an integer");
  EXPECT_EQ(FromJson(real, "3"), "real 3");
  EXPECT_EQ(FromJson(real, "0.25"), "real 0.25");
  EXPECT_EQ(FromJson(real, R"("0.25")"), "field 'a' must be a number");
}

TEST(ParamBinder, ReadsTheSameRealFromFormAndJson) {
  const ParamSpec spec = Required(ParamType::kReal);
  for (const char* text : {"9223372036854775807", "9223372036854775808", "18446744073709551615",
                           "18446744073709551616", "-9223372036854775809", "1e-400", "-1e-400",
                           "-0.0", "1.0", "1e308", "9007199254740993.0"}) {
    const std::string value = FromQuery(spec, fmt::format("a={}", text));
    EXPECT_TRUE(value.starts_with("real ")) << value;
    EXPECT_EQ(FromJson(spec, text), value) << text;
  }
}

TEST(ParamBinder, SaysWhatToDoWithAnArray) {
  EXPECT_EQ(
      FromJson(Required(ParamType::kText), "[1,2]"),
      "field 'a' must be text, not an array; send its JSON as a string, which SQL takes apart "
      "with json_each() and ->>");
  EXPECT_EQ(FromJson(Nullable(ParamType::kInteger), "{}"),
            "field 'a' must be an integer, not an object; send one value");
}

TEST(ParamBinder, FillsInDefaults) {
  EXPECT_EQ(FromQuery({"a", ParamType::kText, false, std::string("d")}, "b=1"), "text d");
  EXPECT_EQ(FromQuery({"a", ParamType::kInteger, false, std::int64_t{7}}, "b=1"), "integer 7");
  EXPECT_EQ(FromQuery({"a", ParamType::kReal, false, 0.5}, "b=1"), "real 0.5");
  EXPECT_EQ(FromQuery(Nullable(ParamType::kText), "b=1"), "NULL");
  EXPECT_EQ(FromQuery(Required(ParamType::kText), "b=1"), "field 'a' is missing");
}

TEST(ParamBinder, KnowsWhatARequestWithoutFieldsGets) {
  const std::vector<ParamSpec> optional = {{"a", ParamType::kText, false, std::string("d")},
                                           {"b", ParamType::kInteger, false, std::int64_t{7}},
                                           {"c", ParamType::kReal, false, {}}};
  const ParsedRequest request(RequestText("GET /"));
  RequestFields fields;
  ASSERT_FALSE(fields.Read(request.message()));
  EXPECT_TRUE(fields.empty());
  std::vector<BoundParam> params;
  const EndpointSpec endpoint = Asking(optional);
  ASSERT_TRUE(BindParams(endpoint, fields, &params).empty());
  EXPECT_EQ(DefaultsOf(optional), params);
  const std::vector<ParamSpec> required = {optional[0], Required(ParamType::kText)};
  EXPECT_EQ(DefaultsOf(required), std::nullopt);
  EXPECT_EQ(DefaultsOf({}), std::vector<BoundParam>());
}

TEST(ParamBinder, TakesNullOnlyWhereTheFieldIsNullable) {
  EXPECT_EQ(FromJson(Nullable(ParamType::kReal), "null"), "NULL");
  EXPECT_EQ(FromJson(Required(ParamType::kText), "null"), "field 'a' must be text");
  EXPECT_EQ(FromJson({"a", ParamType::kText, false, std::string("d")}, "null"),
            "field 'a' must be text");
}

TEST(ParamBinder, TakesAnEmptyFieldForNullUnlessItIsText) {
  EXPECT_EQ(FromQuery(Nullable(ParamType::kInteger), "a="), "NULL");
  EXPECT_EQ(FromQuery(Nullable(ParamType::kReal), "a"), "NULL");
  EXPECT_EQ(FromQuery(Nullable(ParamType::kText), "a="), "text ");
}

TEST(ParamBinder, KeepsTheOrderOfTheSetAndIgnoresOtherFields) {
  const ParsedRequest request(RequestText("GET /?z=9&y=2&x=1"));
  RequestFields fields;
  ASSERT_FALSE(fields.Read(request.message()));
  const std::vector<ParamSpec> set = {{"x", ParamType::kInteger, true, {}},
                                      {"y", ParamType::kText, true, {}}};
  std::vector<BoundParam> params(5);
  const EndpointSpec endpoint = Asking(set);
  ASSERT_TRUE(BindParams(endpoint, fields, &params).empty());
  ASSERT_EQ(params.size(), 2U);
  EXPECT_EQ(std::get<std::int64_t>(params[0]), 1);
  EXPECT_EQ(std::get<std::string_view>(params[1]), "2");
}

TEST(ParamBinder, ReadsTheOtherTypes) {
  const ParamSpec boolean = Required(ParamType::kBoolean);
  for (const char* yes : {"true", "1", "on", "+true+"}) {
    EXPECT_EQ(FromQuery(boolean, fmt::format("a={}", yes)), "integer 1") << yes;
  }
  for (const char* no : {"false", "0", "off"}) {
    EXPECT_EQ(FromQuery(boolean, fmt::format("a={}", no)), "integer 0") << no;
  }
  for (const char* bad : {"", "2", "yes", "TRUE", "t"}) {
    EXPECT_EQ(FromQuery(boolean, fmt::format("a={}", bad)), "field 'a' must be true or false")
        << bad;
  }
  EXPECT_EQ(FromJson(boolean, "true"), "integer 1");
  EXPECT_EQ(FromJson(boolean, "0"), "integer 0");
  EXPECT_EQ(FromJson(boolean, "2"), "field 'a' must be true or false");
  EXPECT_EQ(FromJson(boolean, "\"true\""), "field 'a' must be true or false");
  const ParamSpec blob = Required(ParamType::kBlob);
  EXPECT_EQ(FromQuery(blob, "a=Zm9v"), "blob foo");
  EXPECT_EQ(FromQuery(blob, "a="), "blob ");
  EXPECT_EQ(FromQuery(blob, "a=Z!"), "field 'a' must be base64");
  EXPECT_EQ(FromJson(blob, "\"Zm8=\""), "blob fo");
  EXPECT_EQ(FromJson(blob, "[90]"), "field 'a' must be base64, not an array; send one value");
  const ParamSpec date = Required(ParamType::kDate);
  EXPECT_EQ(FromQuery(date, "a=2026-11-28"), "text 2026-11-28");
  EXPECT_EQ(FromJson(date, "\"2026-02-29\""), "field 'a' must be a date, as 2026-11-28");
  EXPECT_EQ(FromJson(date, "20261128"), "field 'a' must be a date, as 2026-11-28");
  const ParamSpec timestamp = Required(ParamType::kTimestamp);
  EXPECT_EQ(FromJson(timestamp, "\"2026-11-28T18:46:00.25+01:00\""),
            "text 2026-11-28T18:46:00.25+01:00");
  EXPECT_EQ(FromQuery(timestamp, "a=2026-11-28"),
            "field 'a' must be a timestamp, as 2026-11-28T18:46:00Z");
  const ParamSpec json = Required(ParamType::kJson);
  EXPECT_EQ(FromQuery(json, "a=[1,{}]"), "text [1,{}]");
  EXPECT_EQ(FromQuery(json, "a=[1"), "field 'a' must be JSON");
  EXPECT_EQ(FromQuery(json, "a="), "field 'a' must be JSON");
  EXPECT_EQ(FromQuery(json, "a=%EF%BB%BF1"), "field 'a' must be JSON");
  EXPECT_EQ(FromQuery(json, "a=\"%5Cu0000\""), "field 'a' must be JSON");
  EXPECT_EQ(FromQuery(json, "a=null"), "text null");
  EXPECT_EQ(FromQuery(Nullable(ParamType::kJson), "a="), "NULL");
  EXPECT_EQ(FromQuery(Nullable(ParamType::kBoolean), "a="), "NULL");
  EXPECT_EQ(FromQuery(Nullable(ParamType::kBlob), "a="), "blob ");
  EXPECT_EQ(FromQuery(Nullable(ParamType::kDate), "b="), "NULL");
}

}  // namespace
}  // namespace sqlicorn
