// SPDX-License-Identifier: MIT
#include "common/http/url.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(SplitUrl, TakesAddressPortAndTarget) {
  const Url url = SplitUrl("http://127.0.0.1:8000/read/?a=1").value();
  EXPECT_EQ(url.address, "127.0.0.1");
  EXPECT_EQ(url.port, 8000);
  EXPECT_EQ(url.authority, "127.0.0.1:8000");
  EXPECT_EQ(url.target, "/read/?a=1");
}

TEST(SplitUrl, FillsInWhatIsLeftOut) {
  const Url url = SplitUrl("http://localhost").value();
  EXPECT_EQ(url.address, "localhost");
  EXPECT_EQ(url.port, 80);
  EXPECT_EQ(url.authority, "localhost");
  EXPECT_EQ(url.target, "/");
  EXPECT_EQ(SplitUrl("http://a-b.example.com:81/").value().address, "a-b.example.com");
  EXPECT_FALSE(SplitUrl("http://" + std::string(254, 'a')));
  EXPECT_EQ(SplitUrl("http://[::1]:81?q").value().address, "::1");
  EXPECT_EQ(SplitUrl("http://[::1]:81?q").value().target, "/?q");
}

TEST(SplitUrl, RefusesWhatItCannotReach) {
  for (const char* text :
       {"", "127.0.0.1", "https://127.0.0.1", "http://", "http://a,b/", "http://[example.com]/",
        "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:", "http://127.0.0.1:8x",
        "http://[::1", "http://[::1]8", "http://u@127.0.0.1/", "http://127.0.0.1/a b",
        "http://127.0.0.1/#a"}) {
    EXPECT_FALSE(SplitUrl(text)) << text;
  }
}

using namespace std::string_literals;
using Fields = std::vector<FormDecoder::Field>;

struct Row {
  std::string encoded;
  FormOutcome outcome;
  Fields fields;
};

TEST(FormDecoder, DecodesByTheTable) {
  const std::vector<Row> rows = {
      {"", FormOutcome::kOk, {}},
      {"a=b", FormOutcome::kOk, {{"a", "b"}}},
      {"name=Name+0&inside=0", FormOutcome::kOk, {{"name", "Name 0"}, {"inside", "0"}}},
      {"a=%2B%3d%26", FormOutcome::kOk, {{"a", "+=&"}}},
      {"%61=%C3%A9", FormOutcome::kOk, {{"a", "\xc3\xa9"}}},
      {"a&b=&=c&&", FormOutcome::kOk, {{"a", ""}, {"b", ""}, {"", "c"}}},
      {"a=b=c;d", FormOutcome::kOk, {{"a", "b=c;d"}}},
      {"a=1&a=2", FormOutcome::kOk, {{"a", "1"}, {"a", "2"}}},
      {"a=%", FormOutcome::kBadEscape, {}},
      {"a=%4", FormOutcome::kBadEscape, {}},
      {"a=%4&b=1", FormOutcome::kBadEscape, {}},
      {"a=%g0", FormOutcome::kBadEscape, {}},
      {"%=1", FormOutcome::kBadEscape, {}},
      {"a=%00", FormOutcome::kNul, {}},
      {"a=b\0"s, FormOutcome::kNul, {}},
      {"a=%C0%80", FormOutcome::kBadText, {}},
      {"a=\xff", FormOutcome::kBadText, {}},
      {"%ff=1", FormOutcome::kBadText, {}},
  };
  FormDecoder decoder;
  for (const Row& row : rows) {
    EXPECT_EQ(decoder.Decode(row.encoded), row.outcome) << row.encoded;
    EXPECT_EQ(decoder.fields(), row.fields) << row.encoded;
  }
}

TEST(FormDecoder, AcceptsExactlyTheLimitOfFields) {
  FormDecoder decoder(3);
  EXPECT_EQ(decoder.Decode("a&b&c"), FormOutcome::kOk);
  EXPECT_EQ(decoder.Decode("a&b&c&d"), FormOutcome::kTooManyFields);
  std::string thousand;
  for (int i = 0; i < 1000; ++i) {
    thousand += "a=b&";
  }
  FormDecoder usual;
  EXPECT_EQ(usual.Decode(thousand), FormOutcome::kOk);
  EXPECT_EQ(usual.Decode(thousand + "c"), FormOutcome::kTooManyFields);
}

TEST(FormDecoder, AppendsABodyBehindAQuery) {
  FormDecoder decoder(3);
  ASSERT_EQ(decoder.Decode("a=1"), FormOutcome::kOk);
  ASSERT_EQ(decoder.Append("b=" + std::string(5000, 'x')), FormOutcome::kOk);
  EXPECT_EQ(decoder.fields()[0], FormDecoder::Field("a", "1"));
  EXPECT_EQ(decoder.fields()[1].second.size(), 5000U);
  EXPECT_EQ(decoder.Append("c&d"), FormOutcome::kTooManyFields);
}

TEST(FormDecoder, DoesNotMoveItsBuffersInSteadyState) {
  FormDecoder decoder;
  const std::string body = "name=Name+0&campaign=Campaign+0&voice=Voice+0&inside=0";
  ASSERT_EQ(decoder.Decode(body), FormOutcome::kOk);
  const void* fields = decoder.fields().data();
  const void* text = decoder.fields()[0].first.data();
  ASSERT_EQ(decoder.Decode(body), FormOutcome::kOk);
  EXPECT_EQ(decoder.fields().data(), fields);
  EXPECT_EQ(decoder.fields()[0].first.data(), text);
}

TEST(PercentDecode, LeavesPlusAloneAndRefusesBadText) {
  std::string decoded;
  EXPECT_TRUE(PercentDecode("/a+b%20c", &decoded));
  EXPECT_EQ(decoded, "/a+b c");
  for (const char* bad : {"/%", "/%zz", "/%00", "/%ff"}) {
    EXPECT_FALSE(PercentDecode(bad, &decoded)) << bad;
  }
}

TEST(AppendQuotePlus, WritesAsPythonDoesAndIsReadBack) {
  const std::string value = "a b+c&d=e/\xc3\xa9_.-~%";
  std::string encoded = "x=";
  AppendQuotePlus(value, &encoded);
  EXPECT_EQ(encoded, "x=a+b%2Bc%26d%3De%2F%C3%A9_.-~%25");
  FormDecoder decoder;
  ASSERT_EQ(decoder.Decode(encoded), FormOutcome::kOk);
  EXPECT_EQ(decoder.fields()[0], FormDecoder::Field("x", value));
}

}  // namespace

}  // namespace sqlicorn
