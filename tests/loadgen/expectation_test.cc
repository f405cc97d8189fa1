// SPDX-License-Identifier: MIT
#include "loadgen/scenario/expectation.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/http/response_parser.h"

namespace sqlicorn::loadgen {
namespace {

// A parsed answer, of whose body the parser kept all or `kept` octets.
class Answer {
 public:
  explicit Answer(const std::string& body, int status = 200, std::size_t kept = 1000)
      : parser_(ParserLimits(), kept) {
    const std::string text =
        "HTTP/1.1 " + std::to_string(status) +
        " Some\r\nX-Token: t-1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    std::size_t consumed = 0;
    parser_.StartResponse("GET");
    EXPECT_EQ(parser_.Execute(text, &consumed), Feed::kMessage);
  }

  [[nodiscard]] std::string Judge(const Expectation& expected) const {
    return JudgeAnswer(expected, parser_.message(), parser_.body_bytes());
  }

  [[nodiscard]] std::string Take(const TakenFrom& from) const {
    const auto taken = TakeValues({from}, parser_.message(), parser_.body_bytes());
    return taken ? taken.value()[0].text + (taken.value()[0].is_number ? " (number)" : "")
                 : taken.error().message;
  }

 private:
  ResponseParser parser_;
};

TEST(JsonPointer, IsTakenApart) {
  EXPECT_EQ(JsonPointer::Parse("").value().tokens(), std::vector<std::string>());
  EXPECT_EQ(JsonPointer::Parse("/a/0//m~0n~1o").value().tokens(),
            (std::vector<std::string>{"a", "0", "", "m~n/o"}));
  for (const char* wrong : {"a", "/~", "/a~2"}) {
    EXPECT_FALSE(JsonPointer::Parse(wrong).ok()) << wrong;
  }
}

TEST(Expectation, TakesStatusesBelow400UnlessItNamesSome) {
  EXPECT_TRUE(Expectation().Takes(302));
  EXPECT_FALSE(Expectation().Takes(404));
  const Expectation gone{{404, 410}, {}, {}, {}};
  EXPECT_TRUE(gone.Takes(404));
  EXPECT_FALSE(gone.Takes(200));
  EXPECT_EQ(Answer("", 200).Judge(gone), "status 200 is not what the scenario expects");
}

TEST(Expectation, LooksAtTheBody) {
  const std::string body = R"({"id":7,"ok":true,"rows":[{"name":"x"}],"a/b":1.0})";
  const auto json = [](const std::string& pointer, const std::string& value) {
    return Expectation{{}, {}, {}, {{JsonPointer::Parse(pointer).value(), value}}};
  };
  const std::vector<std::pair<Expectation, std::string>> cases = {
      {{}, ""},
      {{{}, {"\"id\":7", "rows"}, {}, {}}, ""},
      {{{}, {"id", "none"}, {}, {}}, "the body does not contain 'none'"},
      {{{}, {}, {body}, {}}, ""},
      {{{}, {}, {"OK"}, {}}, "the body is not 'OK'"},
      {json("/id", "7"), ""},
      {json("/a~1b", "1"), ""},
      {json("/rows/0", R"({"name":"x"})"), ""},
      {json("/id", "8"), "/id of the body is not 8"},
      {json("/rows/1", "8"), "there is no /rows/1 of the body"},
      {json("/rows/name", "8"), "there is no /rows/name of the body"},
      {json("/id/x", "8"), "there is no /id/x of the body"},
  };
  for (const auto& [expected, wrong] : cases) {
    EXPECT_EQ(Answer(body).Judge(expected), wrong);
  }
  EXPECT_EQ(Answer("<p>").Judge(json("/id", "7")), "the body is no JSON");
  EXPECT_EQ(Answer("\"x\"").Judge(json("", "\"x\"")), "");
}

TEST(Expectation, DoesNotJudgeWhatWasNotKept) {
  EXPECT_EQ(Answer("abcdef", 200, 3).Judge({{}, {"f"}, {}, {}}),
            "the body is longer than 4 MiB, which is not looked at");
  EXPECT_EQ(Answer("abcdef", 200, 3).Judge({}), "");
}

TEST(Expectation, ShortensWhatItQuotes) {
  const std::string wrong = Answer("").Judge({{}, {}, {std::string(59, 'x') + "éé"}, {}});
  EXPECT_EQ(wrong, "the body is not '" + std::string(59, 'x') + "…'");
}

TEST(TakenFrom, IsTextOrANumberOfTheBodyOrAHeader) {
  const Answer answer(R"({"id":7,"name":"a b","none":null,"list":[1,"x"]})");
  const auto json = [](const std::string& pointer) {
    return TakenFrom{0, TakenFrom::Kind::kJson, JsonPointer::Parse(pointer).value(), ""};
  };
  const auto header = [](const std::string& name) {
    return TakenFrom{0, TakenFrom::Kind::kHeader, {}, name};
  };
  EXPECT_EQ(answer.Take(json("/id")), "7 (number)");
  EXPECT_EQ(answer.Take(json("/name")), "a b");
  EXPECT_EQ(answer.Take(json("/list")), "[1,\"x\"]");
  EXPECT_EQ(answer.Take(json("/none")), "there is no /none of the body");
  EXPECT_EQ(answer.Take(header("x-token")), "t-1");
  EXPECT_EQ(answer.Take(header("ETag")), "the answer has no header ETag");
  EXPECT_EQ(Answer("OK").Take(json("/id")), "the body is no JSON");
  EXPECT_EQ(Answer("{\"id\":7}", 200, 3).Take(json("/id")),
            "the body is longer than 4 MiB, which is not looked at");
}

}  // namespace
}  // namespace sqlicorn::loadgen
