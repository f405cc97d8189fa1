// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"
#include "worker/request/request_fields.h"

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

// The param as the request has it in the param's place.
std::string InPlace(ParamSpec param, const std::string& text, FieldWants wants = {}) {
  const ParsedRequest request(text);
  RequestFields fields;
  wants.raw = param.source == ParamSource::kRaw ? &param : wants.raw;
  if (const Fault fault = fields.Read(request.message(), wants)) {
    return fmt::format("{} {}", fault->status, fault->detail);
  }
  FieldValue value;
  if (!RequestFields::Search(fields).Find(param, &value)) {
    return "none";
  }
  if (const auto* unchecked = std::get_if<UncheckedText>(&value)) {
    return "unchecked " + std::string(unchecked->text);
  }
  if (const auto* octets = std::get_if<Octets>(&value)) {
    return "octets " + std::string(octets->octets);
  }
  if (const auto* json = std::get_if<JsonText>(&value)) {
    return "JSON " + std::string(json->text);
  }
  const auto* typed = std::get_if<const ParamValue*>(&value);
  return typed != nullptr ? Show(**typed) : "text " + std::string(std::get<0>(value));
}

ParamSpec In(ParamSource source, std::string outside = "a") {
  return {.name = "x", .source = source, .outside = std::move(outside)};
}

TEST(FieldPlaces, AreTakenFromTheirPlace) {
  const std::string form = RequestText(
      "POST /?a=query", std::string("A: head\r\nCookie: a=cookie\r\n") + kForm, "a=form");
  EXPECT_EQ(InPlace(In(ParamSource::kAny), form), "text form");
  EXPECT_EQ(InPlace(In(ParamSource::kForm), form), "text form");
  EXPECT_EQ(InPlace(In(ParamSource::kBody), form), "text form");
  EXPECT_EQ(InPlace(In(ParamSource::kJson), form), "none");
  EXPECT_EQ(InPlace(In(ParamSource::kQuery), form), "text query");
  EXPECT_EQ(InPlace(In(ParamSource::kHeader), form), "unchecked head");
  EXPECT_EQ(InPlace(In(ParamSource::kCookie), form), "unchecked cookie");
  EXPECT_EQ(InPlace(In(ParamSource::kHeader, "b"), form), "none");
  EXPECT_EQ(InPlace(In(ParamSource::kCookie, "b"), form), "none");
  EXPECT_EQ(InPlace(In(ParamSource::kFileName), form), "none");
  const std::string json = RequestText("POST /?a=query", kJson, R"({"a":"json"})");
  EXPECT_EQ(InPlace(In(ParamSource::kBody), json), "json json");
  EXPECT_EQ(InPlace(In(ParamSource::kJson), json), "json json");
  EXPECT_EQ(InPlace(In(ParamSource::kForm), json), "none");
  EXPECT_EQ(InPlace(In(ParamSource::kQuery), json), "text query");
}

TEST(FieldPlaces, OfAPathAreThoseOfItsVariables) {
  RequestFields fields;
  fields.path.Push("7");
  fields.path.Push("x%41");
  ASSERT_TRUE(fields.path.Decode());
  const ParsedRequest request(RequestText("GET /?a=query"));
  ASSERT_FALSE(fields.Read(request.message()));
  ParamSpec param = In(ParamSource::kPath);
  param.variable = 1;
  FieldValue value;
  ASSERT_TRUE(RequestFields::Search(fields).Find(param, &value));
  EXPECT_EQ(std::get<std::string_view>(value), "xA");
}

TEST(FieldPlaces, KeepJsonAsItWasSent) {
  const auto sent = [](std::string_view body) {
    ParamSpec param = In(ParamSource::kAny);
    param.type = ParamType::kJson;
    return InPlace(param, RequestText("POST /?a=query", kJson, body), {.json_texts = true});
  };
  EXPECT_EQ(sent(R"({"a":{"b": [1, "]}\\\"" ]} })"), R"(JSON {"b": [1, "]}\\\"" ]})");
  EXPECT_EQ(sent(R"({ "z" : "\\", "a" : 1e3 , "y":[] })"), "JSON 1e3");
  EXPECT_EQ(sent(R"({"y":{},"a":null})"), "JSON null");
  EXPECT_EQ(sent(R"({"a":"x\"y","b":1})"), R"(JSON "x\"y")");
  EXPECT_EQ(sent("{\"a\":\r\n\t-0.0\r\n}"), "JSON -0.0");
  EXPECT_EQ(sent(R"({"a":true})"), "JSON true");
  EXPECT_EQ(sent(R"({"a":1,"a":2})"), "JSON 1");
  EXPECT_EQ(sent("\xEF\xBB\xBF{\"a\":[ ]}"), "JSON [ ]");
  EXPECT_EQ(sent(R"({"b":1})"), "text query");
}

std::string Multipart(std::string_view line, std::string_view body) {
  return RequestText(line, "Content-Type: multipart/form-data; boundary=B\r\n", body);
}

TEST(FieldPlaces, OfAMultipartFormHaveNamesAndTypesOfFiles) {
  const std::string text = Multipart(
      "POST /?a=query&c=query",
      "--B\r\nContent-Disposition: form-data; name=a; filename=\"f.txt\"\r\nContent-Type: "
      "text/x\r\n\r\n"
      "octets\r\n--B\r\nContent-Disposition: form-data; name=b\r\n\r\ntext\r\n"
      "--B\r\nContent-Disposition: form-data; name=c; filename=\"\"\r\n\r\n\r\n--B--\r\n");
  EXPECT_EQ(InPlace(In(ParamSource::kAny), text), "octets octets");
  EXPECT_EQ(InPlace(In(ParamSource::kFileName), text), "text f.txt");
  EXPECT_EQ(InPlace(In(ParamSource::kFileType), text), "text text/x");
  EXPECT_EQ(InPlace(In(ParamSource::kForm, "b"), text), "octets text");
  EXPECT_EQ(InPlace(In(ParamSource::kFileName, "b"), text), "none");
  EXPECT_EQ(InPlace(In(ParamSource::kFileType, "b"), text), "none");
  EXPECT_EQ(InPlace(In(ParamSource::kForm, "c"), text), "none");
  EXPECT_EQ(InPlace(In(ParamSource::kAny, "c"), text), "text query");
  EXPECT_EQ(InPlace(In(ParamSource::kAny), Multipart("POST /", "--C")),
            "400 form: the boundary of its Content-Type does not stand in it");
  EXPECT_EQ(InPlace(In(ParamSource::kAny),
                    RequestText("POST /", "Content-Type: multipart/form-data\r\n", "--C")),
            "400 form: its Content-Type has no boundary");
}

TEST(FieldPlaces, MayBeTheWholeBody) {
  const ParamSpec raw = In(ParamSource::kRaw);
  EXPECT_EQ(InPlace(raw, RequestText("PUT /?a=1", "Content-Type: image/png\r\n", "a=b")),
            "octets a=b");
  EXPECT_EQ(InPlace(raw, RequestText("PUT /", kForm, "%")), "octets %");
  EXPECT_EQ(InPlace(raw, RequestText("PUT /", "", "x")), "octets x");
  EXPECT_EQ(InPlace(raw, RequestText("PUT /")), "octets ");
  EXPECT_EQ(InPlace(raw, RequestText("GET /", "", "x")), "none");
  EXPECT_EQ(InPlace(raw, RequestText("PUT /", "Content-Encoding: gzip\r\n", "x")),
            "415 Content-Encoding: send the body without one, or \"identity\"");
  const std::string typed = RequestText("PUT /", "Content-Type: image/png\r\n", "x");
  EXPECT_EQ(InPlace(In(ParamSource::kFileType), typed, {.raw = &raw}), "unchecked image/png");
  EXPECT_EQ(InPlace(In(ParamSource::kFileName), typed, {.raw = &raw}), "none");
}

TEST(FieldPlaces, AreNotLookedForWhereNobodyAsks) {
  EXPECT_EQ(InPlace(In(ParamSource::kHeader), RequestText("POST /?%", "A: 1\r\n", "%"),
                    {.message = false}),
            "unchecked 1");
}

}  // namespace
}  // namespace sqlicorn
