// SPDX-License-Identifier: MIT
#include "worker/request_fields.h"

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kForm = "Content-Type: application/x-www-form-urlencoded\r\n";
constexpr const char* kJson = "Content-Type: application/json\r\n";

std::string Show(const ParamValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return fmt::format("integer {}", *integer);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return fmt::format("real {}", *real);
  }
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? "json " + *text : "null";
}

// The field "a" of the request, or what is wrong with the request.
std::string FieldA(const std::string& text) {
  const ParsedRequest request(text);
  RequestFields fields;
  if (const Status read = fields.Read(request.message()); !read) {
    return "error " + read.error().message;
  }
  FieldValue value;
  if (!fields.Find("a", &value)) {
    return "none";
  }
  const auto* typed = std::get_if<const ParamValue*>(&value);
  return typed != nullptr ? Show(**typed) : "text " + std::string(std::get<0>(value));
}

std::string OfForm(std::string_view body, std::string_view target = "/") {
  return FieldA(RequestText(fmt::format("POST {}", target), kForm, body));
}

std::string OfJson(std::string_view body, std::string_view target = "/") {
  return FieldA(RequestText(fmt::format("POST {}", target), kJson, body));
}

TEST(RequestFields, ComeFromTheQueryWhenThereIsNoBody) {
  EXPECT_EQ(FieldA(RequestText("GET /?b=1&a=x+y%21")), "text x y!");
  EXPECT_EQ(FieldA(RequestText("POST /?a=1", kJson)), "text 1");
  EXPECT_EQ(FieldA(RequestText("GET /?a")), "text ");
  EXPECT_EQ(FieldA(RequestText("GET /?A=1")), "none");
  EXPECT_EQ(FieldA(RequestText("GET /")), "none");
}

TEST(RequestFields, OfTheBodyGoBeforeThoseOfTheQuery) {
  EXPECT_EQ(OfForm("a=body", "/?a=query"), "text body");
  EXPECT_EQ(OfForm("b=body", "/?a=query"), "text query");
  EXPECT_EQ(OfJson(R"({"a":"body"})", "/?a=query"), "json body");
  EXPECT_EQ(OfJson(R"({"a":null})", "/?a=query"), "null");
  EXPECT_EQ(OfJson(R"({"b":1})", "/?a=query"), "text query");
}

TEST(RequestFields, TakeTheFirstOfAFormAndTheLastOfJsonWhenANameIsRepeated) {
  EXPECT_EQ(OfForm("a=1&a=2"), "text 1");
  EXPECT_EQ(OfJson(R"({"a":1,"a":2})"), "integer 2");
}

TEST(RequestFields, KeepTheTypesOfJson) {
  EXPECT_EQ(OfJson(R"({"a":9223372036854775807})"), "integer 9223372036854775807");
  EXPECT_EQ(OfJson(R"({"a":-9223372036854775808})"), "integer -9223372036854775808");
  EXPECT_EQ(OfJson(R"({"a":-9223372036854775809})"), "real -9.223372036854776e+18");
  EXPECT_EQ(OfJson(R"({"a":18446744073709551616})"), "real 1.8446744073709552e+19");
  EXPECT_EQ(OfJson(R"({"a":1.5})"), "real 1.5");
  EXPECT_EQ(OfJson(R"({"a":1e308})"), "real 1e+308");
  EXPECT_EQ(OfJson(R"({"a":true})"), "integer 1");
  EXPECT_EQ(OfJson(R"({"a":false})"), "integer 0");
  EXPECT_EQ(OfJson(R"({"a":"\u00e9\ud83d\ude00"})"), "json \xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(OfJson("{}"), "none");
}

TEST(RequestFields, RefuseJsonThatIsNoObjectOfScalars) {
  const std::string malformed = "error JSON: the body is malformed";
  EXPECT_EQ(OfJson("[1]"), "error JSON: the body must be an object");
  EXPECT_EQ(OfJson("7"), "error JSON: the body must be an object");
  EXPECT_EQ(OfJson(R"({"a":1)"), malformed);
  EXPECT_EQ(OfJson(R"({"a":1} x)"), malformed);
  EXPECT_EQ(OfJson(R"({"a":NaN})"), malformed);
  EXPECT_EQ(OfJson(R"({"a":1e400})"), malformed);
  EXPECT_EQ(OfJson("{\"a\":\"\xFF\"}"), malformed);
  EXPECT_EQ(OfJson(R"({"a":"\ud83d"})"), malformed);
  EXPECT_EQ(OfJson(R"({"a":[]})"), "error JSON: field 'a' is no string, number, boolean or null");
  EXPECT_EQ(OfJson(R"({"a":{}})"), "error JSON: field 'a' is no string, number, boolean or null");
  EXPECT_EQ(OfJson(R"({"a":18446744073709551615})"),
            "error JSON: field 'a' is larger than a 64-bit integer");
  EXPECT_EQ(OfJson(R"({"a":"x\u0000y"})"), "error JSON: field 'a' holds a NUL character");
}

TEST(RequestFields, SurviveJsonOfAnyDepth) {
  constexpr std::size_t kDepth = 500000;
  const std::string open = R"({"a":)" + std::string(kDepth, '[');
  EXPECT_EQ(OfJson(open), "error JSON: the body is malformed");
  EXPECT_EQ(OfJson(open + std::string(kDepth, ']') + "}"),
            "error JSON: field 'a' is no string, number, boolean or null");
}

TEST(RequestFields, RefuseABadForm) {
  EXPECT_EQ(OfForm("a=%FF"), "error form: a field is not UTF-8 text");
  EXPECT_EQ(OfForm("a=%00"), "error form: a field holds a NUL character");
  EXPECT_EQ(OfForm("a=%4"), "error form: a '%' is not followed by two hexadecimal digits");
  EXPECT_EQ(OfForm("a=1", "/?b=%FF"), "error query string: a field is not UTF-8 text");
}

TEST(RequestFields, JudgeTheContentTypeWithoutItsParametersAndCase) {
  const auto of_type = [](const char* type) {
    return FieldA(RequestText("POST /", fmt::format("Content-Type: {}\r\n", type), "a=1"));
  };
  EXPECT_EQ(of_type("Application/X-WWW-Form-Urlencoded ; charset=utf-8"), "text 1");
  const std::string unknown =
      "error Content-Type: send application/x-www-form-urlencoded, application/json, or no body";
  EXPECT_EQ(of_type("text/plain"), unknown);
  EXPECT_EQ(of_type("multipart/form-data; boundary=x"), unknown);
  EXPECT_EQ(FieldA(RequestText("POST /", "", "a=1")), unknown);
}

TEST(RequestFields, ForgetTheRequestBefore) {
  RequestFields fields;
  const ParsedRequest json(RequestText("POST /", kJson, R"({"a":1})"));
  const ParsedRequest empty(RequestText("GET /"));
  ASSERT_TRUE(fields.Read(json.message()));
  ASSERT_TRUE(fields.Read(empty.message()));
  FieldValue value;
  EXPECT_FALSE(fields.Find("a", &value));
}

}  // namespace
}  // namespace sqlicorn
