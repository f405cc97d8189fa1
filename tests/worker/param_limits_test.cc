// SPDX-License-Identifier: MIT
#include "common/config/param_limits.h"

#include <gtest/gtest.h>

#include "tests/worker/param_testing.h"
#include "worker/request/unknown_fields.h"

namespace sqlicorn {
namespace {

ParamSpec Limited(ParamType type, ParamLimits limits) {
  ParamSpec spec = Required(type);
  spec.limits = std::move(limits);
  return spec;
}

TEST(ParamBinder, KeepsToLimits) {
  const auto integer =
      Limited(ParamType::kInteger, {.min = std::int64_t{1}, .max = std::int64_t{9}});
  EXPECT_EQ(FromQuery(integer, "a=1"), "integer 1");
  EXPECT_EQ(FromQuery(integer, "a=9"), "integer 9");
  EXPECT_EQ(FromQuery(integer, "a=0"), "field 'a' must be at least 1");
  EXPECT_EQ(FromJson(integer, "10"), "field 'a' must be at most 9");
  const auto real = Limited(ParamType::kReal, {.min = 0.5, .max = 1.0});
  EXPECT_EQ(FromQuery(real, "a=0.5"), "real 0.5");
  EXPECT_EQ(FromQuery(real, "a=0.25"), "field 'a' must be at least 0.5");
  EXPECT_EQ(FromQuery(real, "a=1.25"), "field 'a' must be at most 1");
  const auto text = Limited(ParamType::kText, {.min_length = 1, .max_length = 2});
  EXPECT_EQ(FromQuery(text, "a=%C3%BC%F0%9F%98%80"), "text \xC3\xBC\xF0\x9F\x98\x80");
  EXPECT_EQ(FromQuery(text, "a="), "field 'a' must have at least 1 character");
  EXPECT_EQ(FromQuery(text, "a=abc"), "field 'a' must have at most 2 characters");
  const auto blob = Limited(ParamType::kBlob, {.max_length = 2});
  EXPECT_EQ(FromQuery(blob, "a=Zm8"), "blob fo");
  EXPECT_EQ(FromQuery(blob, "a=Zm9v"), "field 'a' must have at most 2 octets");
  const auto pattern = Limited(ParamType::kText, {.pattern = *Pattern::Compile("[a-z]+")});
  EXPECT_EQ(FromQuery(pattern, "a=abc"), "text abc");
  EXPECT_EQ(FromQuery(pattern, "a=abc1"), "field 'a' must match the pattern [a-z]+");
  const auto word = Limited(ParamType::kText, {.choices = {std::string("x"), std::string("y")}});
  EXPECT_EQ(FromQuery(word, "a=y"), "text y");
  EXPECT_EQ(FromQuery(word, "a=z"), "field 'a' must be one of x, y");
  const auto number = Limited(ParamType::kInteger, {.choices = {std::int64_t{1}, std::int64_t{2}}});
  EXPECT_EQ(FromQuery(number, "a=2.0"), "integer 2");
  EXPECT_EQ(FromQuery(number, "a=3"), "field 'a' must be one of 1, 2");
  const auto date = Limited(ParamType::kDate, {.min = std::string("2026-01-01")});
  EXPECT_EQ(FromQuery(date, "a=2026-01-01"), "text 2026-01-01");
  EXPECT_EQ(FromQuery(date, "a=2025-12-31"), "field 'a' must not be before 2026-01-01");
  const auto moment = Limited(ParamType::kTimestamp, {.max = std::string("2026-01-01T00:00:00Z")});
  EXPECT_EQ(FromQuery(moment, "a=2026-01-01T01:00:00%2B01:00"), "text 2026-01-01T01:00:00+01:00");
  EXPECT_EQ(FromQuery(moment, "a=2026-01-01T00:00:00.5Z"),
            "field 'a' must not be after 2026-01-01T00:00:00Z");
}

// A pattern that makes others take exponential time, and text that makes others run out of stack.
TEST(ParamBinder, MatchesHostileTextInLinearTime) {
  const auto pattern = Limited(ParamType::kText, {.pattern = *Pattern::Compile("(a*)*b|(x+x+)+y")});
  const std::string text(1U << 20U, 'a');
  EXPECT_EQ(FromJson(pattern, "\"" + text + "\""),
            "field 'a' must match the pattern (a*)*b|(x+x+)+y");
  EXPECT_EQ(FromJson(pattern, "\"" + std::string(1U << 20U, 'x') + "\""),
            "field 'a' must match the pattern (a*)*b|(x+x+)+y");
}

TEST(ParamBinder, NamesAllThatIsWrong) {
  const ParsedRequest request(RequestText("GET /?x=a&y=5"));
  RequestFields fields;
  ASSERT_FALSE(fields.Read(request.message()));
  const std::vector<ParamSpec> set = {
      {.name = "x", .type = ParamType::kInteger},
      {.name = "y", .type = ParamType::kInteger},
      {.name = "z"},
      {.name = "h", .source = ParamSource::kHeader, .outside = "X-H"}};
  std::vector<BoundParam> params;
  const EndpointSpec endpoint = Asking(set);
  const auto faults = BindParams(endpoint, fields, &params);
  EXPECT_EQ(Sentence(faults),
            "field 'x' must be an integer; field 'z' is missing; field 'X-H' is missing");
  EXPECT_EQ(faults.back().source, ParamSource::kHeader);
  EXPECT_FALSE(MissesPath(faults));
}

TEST(ParamBinder, ChecksTextOfHeadersCookiesAndFiles) {
  ParamSpec spec = Required(ParamType::kText);
  spec.source = ParamSource::kHeader;
  EXPECT_EQ(Bound(spec, RequestText("GET /", "a: x\xC3\xBC\r\n")), "text x\xC3\xBC");
  EXPECT_EQ(Bound(spec, RequestText("GET /", "a: x\xFF\r\n")), "field 'a' must be text");
  spec.type = ParamType::kInteger;
  EXPECT_EQ(Bound(spec, RequestText("GET /", "a: 7\r\n")), "integer 7");
  spec.type = ParamType::kBlob;
  EXPECT_EQ(Bound(spec, RequestText("GET /", "a: Zm8=\r\n")), "blob fo");
  const auto part = [](ParamType type, std::string_view octets) {
    return Bound(
        Required(type),
        RequestText("POST /", "Content-Type: multipart/form-data; boundary=B\r\n",
                    fmt::format("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n{}\r\n--B--",
                                octets)));
  };
  EXPECT_EQ(part(ParamType::kBlob, "\xFF"), "blob \xFF");
  EXPECT_EQ(part(ParamType::kText, "\xFF"), "field 'a' must be text");
  EXPECT_EQ(part(ParamType::kInteger, " 7 "), "integer 7");
}

TEST(ParamBinder, RefusesOrCollectsWhatNobodyAsksFor) {
  const std::vector<ParamSpec> set = {
      {.name = "age", .source = ParamSource::kQuery},
      {.name = "rest", .type = ParamType::kJson, .source = ParamSource::kUnknown}};
  const ParsedRequest request(RequestText("POST /?agee=1&age=2&agee=3&q=%22",
                                          "Content-Type: application/json\r\n",
                                          R"({"age":[1, 2],"q":null,"x":"\u00e9"})"));
  RequestFields fields;
  ASSERT_FALSE(fields.Read(request.message(), {.json_texts = true}));
  std::vector<BoundParam> params;
  const EndpointSpec endpoint = Asking(set);
  EXPECT_EQ(Sentence(BindParams(endpoint, fields, &params)), "");
  EXPECT_EQ(std::get<std::string_view>(params[1]),
            R"({"age":[1, 2],"q":null,"x":"\u00e9","agee":"1"})");
  std::vector<FieldFault> faults;
  RefuseUnknown(set, fields, 0, &faults);
  EXPECT_EQ(Sentence(faults),
            "field 'age' is not taken from here, but from the query; field 'q' is not known; "
            "field 'x' is not known; field 'agee' is not known (did you mean 'age'?)");
}

TEST(ParamBinder, NamesTwentyUnknownFieldsAtMostAndNoneInFull) {
  std::string query;
  for (int i = 0; i < 100; ++i) {
    query += fmt::format("{}{}=&", std::string(200, 'x'), i);
  }
  const ParsedRequest request(RequestText("GET /?" + query.substr(0, 7000)));
  RequestFields fields;
  ASSERT_FALSE(fields.Read(request.message()));
  std::vector<FieldFault> faults;
  RefuseUnknown({}, fields, 0, &faults);
  ASSERT_EQ(faults.size(), 20U);
  EXPECT_EQ(faults[0].field, std::string(80, 'x'));
}

// Parameters of each object of an array, one behind the other, or what is wrong with them.
std::string BoundEach(EndpointSpec endpoint, std::string_view body,
                      std::string_view type = "application/json") {
  endpoint.each = true;
  const ParsedRequest request(
      RequestText("POST /?q=1", fmt::format("Content-Type: {}\r\n", type), body));
  RequestFields fields;
  if (const Fault fault = fields.Read(request.message(), WantsOf(endpoint))) {
    return fmt::format("{} {}", fault->status, fault->detail);
  }
  std::vector<BoundParam> params;
  const auto faults = BindParams(endpoint, fields, &params);
  std::string bound = Sentence(faults);
  for (const BoundParam& param : faults.empty() ? params : std::vector<BoundParam>()) {
    bound += std::visit(BoundShower(), param) + ", ";
  }
  return bound;
}

TEST(ParamBinder, BindsTheObjectsOfAnArray) {
  const EndpointSpec endpoint = Asking({{.name = "a", .type = ParamType::kInteger},
                                        {.name = "t", .type = ParamType::kJson, .required = false},
                                        {.name = "q", .source = ParamSource::kQuery}});
  EXPECT_EQ(BoundEach(endpoint, R"([{"a":1,"t":[{"a":9}]}, {"b":{},"a":2}])"),
            "integer 1, text [{\"a\":9}], text 1, integer 2, NULL, text 1, ");
  EXPECT_EQ(BoundEach(endpoint, "[]"), "");
  EXPECT_EQ(BoundEach(endpoint, R"([{"a":1},{"a":"x"},{}])"),
            "field '[1].a' must be an integer; field '[2].a' is missing");
  EXPECT_EQ(BoundEach(Asking({{.name = "h", .source = ParamSource::kHeader}}), "[{},{}]"),
            "field 'h' is missing");
  EndpointSpec strict = endpoint;
  strict.unknown_fields = UnknownFields::kRefuse;
  EXPECT_EQ(BoundEach(strict, R"([{"a":1,"x":1},{"a":1,"y":1}])"),
            "field '[0].x' is not known; field '[1].y' is not known");
  const std::string shape = "400 JSON: the body must be an array of objects";
  for (const char* bad : {"{}", "[1]", "[[{}]]", "7", "[{},null]", R"([{"a":1},"x"])"}) {
    EXPECT_EQ(BoundEach(endpoint, bad), shape) << bad;
  }
  EXPECT_EQ(BoundEach(endpoint, "[{},"), "400 JSON: the body is malformed at octet 5");
  EXPECT_EQ(BoundEach(endpoint, "", "application/json"),
            "400 JSON: the body is malformed at octet 1");
  EXPECT_EQ(BoundEach(endpoint, "a=1", "application/x-www-form-urlencoded"),
            "415 Content-Type: send application/json, an array of objects");
}

TEST(ParamBinder, TakesAThousandObjectsAtMostAndNamesAHundredFaults) {
  std::string body = "[{}";
  for (int i = 1; i < 999; ++i) {  // the query has one value more
    body += ",{}";
  }
  const EndpointSpec endpoint = Asking({{.name = "a"}});
  const std::string faults = BoundEach(endpoint, body + "]");
  EXPECT_TRUE(faults.starts_with("field '[0].a' is missing; "));
  EXPECT_TRUE(faults.ends_with("; field '[99].a' is missing"));
  EXPECT_EQ(BoundEach(endpoint, body + ",{},{}]"), "400 JSON: there are more than 1,000 values");
}

}  // namespace
}  // namespace sqlicorn
