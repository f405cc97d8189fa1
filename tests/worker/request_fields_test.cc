// SPDX-License-Identifier: MIT
#include "worker/request/request_fields.h"

#include <array>

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
  if (const Fault fault = fields.Read(request.message())) {
    return (fault->status == 400 ? "error " : "unread ") + fault->detail;
  }
  FieldValue value;
  if (!RequestFields::Search(fields).Find("a", &value)) {
    return "none";
  }
  if (const auto* nested = std::get_if<Nested>(&value)) {
    return *nested == Nested::kArray ? "array" : "object";
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

TEST(RequestFields, TakeTheFirstWhenANameIsRepeated) {
  EXPECT_EQ(OfForm("a=1&a=2"), "text 1");
  EXPECT_EQ(FieldA(RequestText("GET /?a=1&a=2")), "text 1");
  EXPECT_EQ(OfJson(R"({"a":1,"a":2})"), "integer 1");
  EXPECT_EQ(OfJson(R"({"a":[],"a":2})"), "array");
}

TEST(RequestFields, OfGetAndHeadAreThoseOfTheQueryWhateverTheirBody) {
  for (const char* method : {"GET", "HEAD"}) {
    const std::string line = fmt::format("{} /?a=good", method);
    EXPECT_EQ(FieldA(RequestText(line, kForm, "a=evil")), "text good");
    EXPECT_EQ(FieldA(RequestText(line, kJson, R"({"a":"evil"})")), "text good");
    EXPECT_EQ(FieldA(RequestText(line, "Content-Type: text/plain\r\n", "x")), "text good");
    EXPECT_EQ(FieldA(RequestText(line, "Content-Encoding: gzip\r\n", "x")), "text good");
    EXPECT_EQ(FieldA(RequestText(fmt::format("{} /", method), kForm, "a=evil")), "none");
  }
  EXPECT_EQ(FieldA(RequestText("DELETE /?a=good", kForm, "a=body")), "text body");
}

TEST(RequestFields, KeepTheTypesOfJson) {
  EXPECT_EQ(OfJson(R"({"a":9223372036854775807})"), "integer 9223372036854775807");
  EXPECT_EQ(OfJson(R"({"a":-9223372036854775808})"), "integer -9223372036854775808");
  EXPECT_EQ(OfJson(R"({"a":-9223372036854775809})"), "real -9.223372036854776e+18");
  EXPECT_EQ(OfJson(R"({"a":18446744073709551616})"), "real 1.8446744073709552e+19");
  EXPECT_EQ(OfJson(R"({"a":18446744073709551615})"), "real 1.8446744073709552e+19");
  EXPECT_EQ(OfJson(R"({"a":9223372036854775808})"), "real 9.223372036854776e+18");
  EXPECT_EQ(OfJson(R"({"a":1.0})"), "integer 1");
  EXPECT_EQ(OfJson(R"({"a":9007199254740993.0})"), "integer 9007199254740993");
  EXPECT_EQ(OfJson(R"({"a":-0.0})"), "real -0");
  EXPECT_EQ(OfJson(R"({"a":1e-400})"), "real 0");
  EXPECT_EQ(OfJson(R"({"a":1.5})"), "real 1.5");
  EXPECT_EQ(OfJson(R"({"a":1e308})"), "real 1e+308");
  EXPECT_EQ(OfJson(R"({"a":true})"), "integer 1");
  EXPECT_EQ(OfJson(R"({"a":false})"), "integer 0");
  EXPECT_EQ(OfJson(R"({"a":"\u00e9\ud83d\ude00"})"), "json \xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(OfJson("{}"), "none");
}

TEST(RequestFields, RefuseWhatIsNoJsonObject) {
  const std::string malformed = "error JSON: the body is malformed at octet ";
  EXPECT_EQ(OfJson("[1]"), "error JSON: the body must be an object");
  EXPECT_EQ(OfJson("7"), "error JSON: the body must be an object");
  EXPECT_EQ(OfJson(R"({"a":1)"), malformed + "7");
  EXPECT_EQ(OfJson(R"({"a":1} x)"), malformed + "9");
  EXPECT_EQ(OfJson(R"({"a":NaN})"), malformed + "6");
  EXPECT_EQ(OfJson(std::string("{\"a\":1}\0{\"a\":2}", 15)), malformed + "8");
  EXPECT_EQ(OfJson("{\"a\":\"\xFF\"}"), malformed + "7");
  EXPECT_EQ(OfJson(R"({"a":"\ud83d"})"), malformed + "13");
  EXPECT_EQ(OfJson(R"({"a":1e400})"), "error JSON: the number '1e400' is too large");
  EXPECT_EQ(OfJson(R"({"a":"x\u0000y"})"), "error JSON: a string holds a NUL character");
  EXPECT_EQ(OfJson(R"({"b":["\u0000"]})"), "error JSON: a string holds a NUL character");
}

TEST(RequestFields, LeaveWhatNobodyAsksForAlone) {
  EXPECT_EQ(OfJson(R"({"a":[]})"), "array");
  EXPECT_EQ(OfJson(R"({"a":{"a":1}})"), "object");
  EXPECT_EQ(OfJson(R"({"b":[{"a":1}],"c":{"a":[2]},"d":18446744073709551615,"a":3})"), "integer 3");
}

std::string JsonOf(std::size_t values) {
  std::string text = R"({"a":[0)";
  for (std::size_t i = 2; i < values; ++i) {
    text += ",0";
  }
  return text + "]}";
}

TEST(RequestFields, AreAThousandAtMostWhateverTheyComeBy) {
  std::string form = "a=1";
  for (int i = 1; i < 1000; ++i) {
    form += "&b";
  }
  EXPECT_EQ(OfForm(form), "text 1");
  EXPECT_EQ(OfForm(form + "&c"), "error form: there are more than 1,000 fields");
  EXPECT_EQ(OfForm(form, "/?c"), "error query string: there are more than 1,000 fields");
  EXPECT_EQ(OfJson(JsonOf(1000)), "array");
  EXPECT_EQ(OfJson(JsonOf(1001)), "error JSON: there are more than 1,000 values");
  EXPECT_EQ(OfJson(JsonOf(1000), "/?c"),
            "error JSON and query string: there are more than 1,000 fields");
}

// Refused where the limit is passed: what follows is not even looked at.
TEST(RequestFields, SurviveJsonOfAnyDepth) {
  constexpr std::size_t kDepth = 500000;
  const std::string open = R"({"a":)" + std::string(kDepth, '[');
  EXPECT_EQ(OfJson(open), "error JSON: there are more than 1,000 values");
  EXPECT_EQ(OfJson(JsonOf(1001) + " no JSON"), "error JSON: there are more than 1,000 values");
  EXPECT_EQ(OfJson(R"({"a":)" + std::string(999, '[') + std::string(999, ']') + "}"), "array");
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
      "unread Content-Type: send application/x-www-form-urlencoded, multipart/form-data, "
      "application/json, or no body";
  EXPECT_EQ(of_type("text/plain"), unknown);
  EXPECT_EQ(of_type("multipart/mixed; boundary=x"), unknown);
  EXPECT_EQ(FieldA(RequestText("POST /", "", "a=1")), unknown);
}

TEST(RequestFields, AreNotReadFromACodedBody) {
  const auto of_coding = [](const char* fields) {
    return FieldA(RequestText("POST /", fmt::format("{}{}", kForm, fields), "a=1"));
  };
  const std::string coded = "unread Content-Encoding: send the body without one, or \"identity\"";
  EXPECT_EQ(of_coding("Content-Encoding: gzip\r\n"), coded);
  EXPECT_EQ(of_coding("Content-Encoding: identity, BR\r\n"), coded);
  EXPECT_EQ(of_coding("Content-Encoding: identity\r\ncontent-encoding: zstd\r\n"), coded);
  EXPECT_EQ(of_coding("Content-Encoding: Identity\r\n"), "text 1");
  EXPECT_EQ(of_coding("Content-Encoding:\r\n"), "text 1");
  EXPECT_EQ(FieldA(RequestText("POST /?a=1", "Content-Encoding: gzip\r\n")), "text 1");
}

TEST(RequestFields, ForgetTheRequestBefore) {
  RequestFields fields;
  const ParsedRequest json(RequestText("POST /", kJson, R"({"a":1})"));
  const ParsedRequest empty(RequestText("GET /"));
  ASSERT_FALSE(fields.Read(json.message()));
  ASSERT_FALSE(fields.Read(empty.message()));
  FieldValue value;
  EXPECT_FALSE(RequestFields::Search(fields).Find("a", &value));
}

// Every query of up to five fields with three names that are asked for and one that is not.
TEST(RequestFields, AreFoundByTheFirstOfTheirNameInWhateverOrderTheyCome) {
  constexpr std::string_view kNames = "abcz";
  for (std::size_t code = 0; code < 4 * 4 * 4 * 4 * 4; ++code) {
    std::string query;
    std::array<std::string, kNames.size()> first;
    std::size_t rest = code;
    for (std::size_t i = 0; i < 5; ++i, rest /= kNames.size()) {
      const std::size_t name = rest % kNames.size();
      const std::string value = std::to_string(i);
      query += fmt::format("{}={}&", kNames[name], value);
      first[name] = first[name].empty() ? value : first[name];
    }
    const ParsedRequest request(RequestText("GET /?" + query));
    RequestFields fields;
    ASSERT_FALSE(fields.Read(request.message()));
    RequestFields::Search search(fields);
    for (std::size_t name = 0; name < 3; ++name) {
      FieldValue value;
      const bool found = search.Find(kNames.substr(name, 1), &value);
      const std::string text = found ? std::string(std::get<std::string_view>(value)) : "";
      EXPECT_EQ(text, first[name]) << query << " " << kNames[name];
    }
  }
}

TEST(RequestFields, OfJsonComeBeforeThoseOfTheQuery) {
  const ParsedRequest request(
      RequestText("POST /?a=1&b=2&c=3", "Content-Type: application/json\r\n", R"({"c":6,"b":5})"));
  RequestFields fields;
  ASSERT_FALSE(fields.Read(request.message()));
  RequestFields::Search search(fields);
  const auto find = [&search](std::string_view name) {
    FieldValue value;
    EXPECT_TRUE(search.Find(name, &value)) << name;
    const auto* typed = std::get_if<const ParamValue*>(&value);
    return typed != nullptr ? Show(**typed) : std::string(std::get<std::string_view>(value));
  };
  EXPECT_EQ(find("a"), "1");
  EXPECT_EQ(find("b"), "integer 5");
  EXPECT_EQ(find("c"), "integer 6");
}

}  // namespace
}  // namespace sqlicorn
