// SPDX-License-Identifier: MIT
#include "loadgen/compare/answer_check.h"

#include <optional>

#include <gtest/gtest.h>

#include "common/uv/loop.h"
#include "loadgen/scenario/text_template.h"
#include "tests/support/scripted_server.h"

namespace sqlicorn::loadgen {
namespace {

Scenario Mix() {
  Scenario scenario;
  scenario.tasks.resize(5);
  scenario.tasks[0].path = scenario.tasks[0].name = "/read/";
  scenario.tasks[1].path = scenario.tasks[1].name = "/other/";
  scenario.tasks[2].method = "POST";
  scenario.tasks[2].path = scenario.tasks[2].name = "/write/";
  scenario.tasks[2].writes = true;
  scenario.tasks[3].path = scenario.tasks[3].name = "/other/2/";
  AppendMark(0, Encoding::kPart, &scenario.tasks[3].path);
  scenario.tasks[4].path = scenario.tasks[4].name = "/never/";
  scenario.tasks[4].weight = 0;
  return scenario;
}

std::string Ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::vector<Answer> Ask(const testing::ScriptedServer::Script& script) {
  Loop loop;
  testing::ScriptedServer server(loop, script);
  std::vector<Answer> answers;
  AnswerCheck check(loop, Mix(), server.url(), [&](std::vector<Answer> all) {
    answers = std::move(all);
    loop.Stop();
  });
  check.Start();
  loop.Run();
  return answers;
}

TEST(AnswerCheck, AsksEveryConstantReadTwiceAndNothingElse) {
  std::vector<std::string> requests;
  const std::vector<Answer> answers =
      Ask([&](const std::string& request, std::size_t) -> testing::Reply {
        requests.push_back(request.substr(0, request.find(' ', 4)));
        return {Ok("[1,2]")};
      });
  EXPECT_EQ(requests,
            (std::vector<std::string>{"GET /read/", "GET /read/", "GET /other/", "GET /other/"}));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].name, "GET /read/");
  EXPECT_EQ(answers[0].status, 200);
  EXPECT_EQ(answers[0].bytes, 5U);
  EXPECT_TRUE(answers[0].deterministic);
  EXPECT_EQ(answers[0].hash, answers[1].hash);
}

TEST(AnswerCheck, SeesWhatIsNotTheSameTwice) {
  const std::vector<Answer> answers =
      Ask([](const std::string&, std::size_t number) -> testing::Reply {
        return {Ok(number == 1 ? "b" : "a")};
      });
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_FALSE(answers[0].deterministic);
  EXPECT_TRUE(answers[1].deterministic);
}

TEST(AnswerCheck, GoesOnWithoutAnAnswer) {
  const std::vector<Answer> answers =
      Ask([](const std::string&, std::size_t number) -> testing::Reply {
        return {number < 2 ? "no HTTP at all\r\n\r\n" : Ok("a")};
      });
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].status, 0);
  EXPECT_EQ(answers[1].status, 200);
}

TEST(DifferentAnswers, NamesStatusSizeAndContent) {
  const Answer first = {"GET /", 200, 10, 1, true};
  const std::vector<std::pair<Answer, std::vector<std::string>>> cases = {
      {first, {}},
      {{"GET /", 404, 10, 1, true}, {"GET /: 404 with 10 bytes, not 200 with 10 bytes"}},
      {{"GET /", 200, 2, 1, true}, {"GET /: 200 with 2 bytes, not 200 with 10 bytes"}},
      {{"GET /", 200, 10, 2, true}, {"GET /: 200 with 10 bytes, but not the same ones"}},
      {{"GET /", 200, 11, 2, false}, {}},
      {{"GET /", 500, 11, 2, false}, {"GET /: 500 with 11 bytes, not 200 with 10 bytes"}},
      {{"GET /", 302, 10, 1, true}, {"GET /: 302 with 10 bytes, not 200 with 10 bytes"}},
      {{"GET /", 0, 0, 0, true}, {}},
  };
  for (const auto& [other, wanted] : cases) {
    EXPECT_EQ(DifferentAnswers({first}, {other}), wanted);
  }
  EXPECT_TRUE(DifferentAnswers({first}, {}).empty());
  EXPECT_TRUE(DifferentAnswers({{"GET /", 0, 0, 0, true}}, {first}).empty()) << "a dead first";
}

}  // namespace
}  // namespace sqlicorn::loadgen
