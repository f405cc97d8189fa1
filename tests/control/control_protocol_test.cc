// SPDX-License-Identifier: MIT
#include "common/control/control_protocol.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using State = FrameReader::State;
using std::string_literals::operator""s;

TEST(Frame, IsABigEndianLengthAndThePayload) {
  EXPECT_EQ(EncodeFrame("hello"), "\0\0\0\5hello"s);
  EXPECT_EQ(EncodeFrame(std::string(0x10203, 'x')).substr(0, 4), "\0\1\2\3"s);
}

TEST(FrameReader, TakesFramesOfAnyCut) {
  const std::string stream = EncodeFrame("one") + EncodeFrame("") + EncodeFrame("three");
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    FrameReader reader(100);
    std::vector<std::string> taken;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      reader.Feed(std::string_view(stream).substr(at, step));
      while (reader.state() == State::kComplete) {
        taken.push_back(reader.Take());
      }
    }
    EXPECT_EQ(taken, (std::vector<std::string>{"one", "", "three"})) << step;
  }
}

TEST(FrameReader, RefusesALengthBeyondTheLimitBeforeThePayloadComes) {
  FrameReader reader(5);
  reader.Feed("\0\0\0\6"s);
  EXPECT_EQ(reader.state(), State::kTooLong);
  FrameReader fits(5);
  fits.Feed(EncodeFrame("12345"));
  EXPECT_EQ(fits.state(), State::kComplete);
}

struct RequestCase {
  const char* text;
  std::vector<std::string> words;
};

TEST(ControlRequest, IsTheCommandSplitAndTheArguments) {
  const std::vector<RequestCase> cases = {
      {R"({"id": 1, "command": "worker add", "args": ["2"]})", {"worker", "add", "2"}},
      {R"({"command": " show  workers "})", {"show", "workers"}},
      {R"({"command": "worker", "args": ["kill", 12]})", {"worker", "kill", "12"}},
      {R"({"command": "reload", "args": null})", {"reload"}},
      {R"({"command": ""})", {}},
  };
  for (const RequestCase& c : cases) {
    const auto request = ParseControlRequest(c.text);
    ASSERT_TRUE(request.words) << c.text;
    EXPECT_EQ(*request.words, c.words) << c.text;
  }
}

TEST(ControlRequest, RefusesWhatIsNone) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "not a JSON object"},
      {"{", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"\xff", "not a JSON object"},
      {"{}", "\"command\" must be a string"},
      {R"({"command": 5})", "\"command\" must be a string"},
      {R"({"command": "help", "args": "x"})", "\"args\" must be a list"},
      {R"({"command": "help", "args": [[1]]})", "\"args\" must hold strings and numbers"},
      {std::string(60000, '['), "not a JSON object"},
  };
  for (const auto& [text, why] : cases) {
    const auto request = ParseControlRequest(text);
    ASSERT_FALSE(request.words) << text;
    EXPECT_EQ(request.words.error().message, "Invalid request: " + why);
  }
}

std::string Reply(const std::string& request, const ControlOutcome& outcome) {
  return EncodeControlReply(ParseControlRequest(request).id, outcome).substr(4);
}

TEST(ControlReply, GivesTheIdOfTheRequestBack) {
  EXPECT_EQ(Reply(R"({"id": 7})", R"({"a":1})"s), R"({"id":7,"status":"ok","data":{"a":1}})");
  EXPECT_EQ(Reply(R"({"id": "x"})", Error{"no"}), R"({"id":"x","status":"error","error":"no"})");
  EXPECT_EQ(Reply("nonsense", Error{"no"}), R"({"id":null,"status":"error","error":"no"})");
}

TEST(ControlReply, LeavesOutAnIdTooDeepToWrite) {
  const std::string deep = std::string(30000, '[') + std::string(30000, ']');
  EXPECT_EQ(Reply("{\"id\": " + deep + "}", Error{"no"}),
            R"({"id":null,"status":"error","error":"no"})");
}

TEST(ControlReply, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(Reply("{}", Error{"\xff"}),
            "{\"id\":null,\"status\":\"error\",\"error\":\"\xEF\xBF\xBD\"}");
}

TEST(ControlReply, IsReadBackByTheClient) {
  const auto data = ParseControlReply(R"({"id":1,"status":"ok","data":[1]})");
  ASSERT_TRUE(data);
  EXPECT_EQ(*data, "[1]");
  const std::vector<std::pair<std::string, std::string>> errors = {
      {R"({"status":"error","error":"why"})", "why"},
      {"", "the answer is not one of sqlicorn's control socket"},
      {"{}", "the answer is not one of sqlicorn's control socket"},
      {R"({"status":"ok"})", "the answer is not one of sqlicorn's control socket"},
      {R"({"status":"error","error":5})", "the answer is not one of sqlicorn's control socket"},
  };
  for (const auto& [text, error] : errors) {
    const auto reply = ParseControlReply(text);
    ASSERT_FALSE(reply) << text;
    EXPECT_EQ(reply.error().message, error);
  }
}

TEST(EncodeControlRequest, SendsTheFirstWordAsTheCommand) {
  EXPECT_EQ(EncodeControlRequest({"worker", "add", "2"}).substr(4),
            R"({"id":1,"command":"worker","args":["add","2"]})");
  EXPECT_EQ(EncodeControlRequest({}).substr(4), R"({"id":1,"command":"","args":[]})");
}

}  // namespace
}  // namespace sqlicorn
