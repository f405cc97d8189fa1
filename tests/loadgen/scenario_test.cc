// SPDX-License-Identifier: MIT
#include "loadgen/scenario/scenario.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

Result<Scenario> Load(const std::string& toml) {
  const testing::TempFile file("scenario.toml", toml);
  Result<Scenario> scenario = LoadScenario(file.path());
  if (scenario) {
    return scenario;
  }
  // The messages are told from the place of this test's file.
  std::string message = scenario.error().message;
  const std::size_t at = message.find(file.path());
  return Error{at == std::string::npos ? message : message.erase(at, file.path().size())};
}

TaskSpec FirstTask(const std::string& toml) {
  Result<Scenario> scenario = Load(toml);
  EXPECT_TRUE(scenario.ok()) << (scenario ? "" : scenario.error().message);
  return scenario ? scenario->tasks.at(0) : TaskSpec();
}

TEST(Scenario, HasTheSeedsMixBuiltIn) {
  const Scenario seed = SeedScenario().value();
  ASSERT_EQ(seed.tasks.size(), 8u);
  std::uint32_t weights = 0;
  int writes = 0;
  for (const TaskSpec& task : seed.tasks) {
    weights += task.weight;
    writes += task.writes && task.unique && task.method == "POST" ? 1 : 0;
  }
  EXPECT_EQ(weights, 26u);
  EXPECT_EQ(writes, 6);
  EXPECT_FALSE(seed.users || seed.run_time || seed.host);
}

TEST(Scenario, SendsTheSeedsBody) {
  EXPECT_EQ(SeedScenario().value().tasks[2].body,
            std::string("name=Name+0+%23") + kUniqueMark +
                "&campaign=Campaign+0&voice=Voice+0&recognize=Recognize+0&inside=0&growth=Growth+0"
                "&side=0&yard=Yard+0&discussion=Discussion+0");
}

TEST(Scenario, ShipsTheSeedsTableOfGets) {
  const Scenario gets = LoadScenario(SCENARIO_DIR "/seed-get.toml").value();
  EXPECT_EQ(gets.tasks.size(), 7u);
  EXPECT_EQ(gets.users, 10u);
  EXPECT_EQ(gets.run_time, Duration(std::chrono::seconds(10)));
  for (const TaskSpec& task : gets.tasks) {
    EXPECT_EQ(task.method + std::to_string(task.weight), "GET1");
  }
}

TEST(Scenario, ReadsTheLoad) {
  const Scenario scenario =
      Load(
          "host = 'http://127.0.0.1:9'\nusers = 5\nspawn_rate = 2.5\nrun_time = '1m'\n"
          "wait = '10ms'\n[[task]]\npath = '/'\n")
          .value();
  EXPECT_EQ(scenario.host, "http://127.0.0.1:9");
  EXPECT_EQ(scenario.users, 5u);
  EXPECT_EQ(scenario.spawn_rate, 2.5);
  EXPECT_EQ(scenario.run_time, Duration(std::chrono::minutes(1)));
  EXPECT_EQ(scenario.wait.least, Duration(std::chrono::milliseconds(10)));
}

TEST(Scenario, NamesATaskAfterItsPath) {
  const TaskSpec task = FirstTask("[[task]]\npath = '/a?b=1'\n");
  EXPECT_EQ(task.name, "/a?b=1");
  EXPECT_EQ(task.method, "GET");
  EXPECT_EQ(task.weight, 1u);
  EXPECT_EQ(task.content_type, "");
}

TEST(Scenario, EncodesFormsOfItsOwnAndNamedOnes) {
  EXPECT_EQ(FirstTask("[[task]]\npath = '/'\nform = { a = 'x y', b = 1.5, c = true }\n").body,
            "a=x+y&b=1.5&c=true");
  EXPECT_EQ(FirstTask("[forms.f]\na = '&='\n[[task]]\npath = '/'\nform = 'f'\n").body, "a=%26%3D");
}

TEST(Scenario, EncodesJson) {
  const TaskSpec task = FirstTask(
      "[[task]]\npath = '/'\nunique = 'a'\njson = { a = 'x', b = [1, 2.5, { c = false }] }\n");
  EXPECT_EQ(task.body,
            std::string("{\"a\":\"x #") + kUniqueMark + "\",\"b\":[1,2.5,{\"c\":false}]}");
  EXPECT_EQ(task.content_type, "application/json");
}

TEST(Scenario, TakesABodyAndHeadersAsTheyAre) {
  const TaskSpec task = FirstTask(
      "[[task]]\npath = '/'\nbody = '<a/>'\ncontent_type = 'text/xml'\nheaders = { X-A = 'b' }\n");
  EXPECT_EQ(task.body, "<a/>");
  EXPECT_EQ(task.content_type, "text/xml");
  EXPECT_EQ(task.headers.at(0), (std::pair<std::string, std::string>("X-A", "b")));
}

TEST(Scenario, MarksTheUniqueFieldOfAQuery) {
  const std::string mark = std::string("+%23") + kUniqueMark;
  const auto path = [](const std::string& text) {
    return FirstTask("[[task]]\npath = '" + text + "'\nunique = 'n'\n").path;
  };
  EXPECT_EQ(path("/?n=1"), "/?n=1" + mark);
  EXPECT_EQ(path("/?a=n&n=&b=2"), "/?a=n&n=" + mark + "&b=2");
}

TEST(Scenario, RefusesWhatIsWrongAndSaysWhere) {
  const std::string task = "[[task]]\npath = '/'\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"usrs = 1\n" + task, ":1:1: unknown key 'usrs' at the top level (did you mean 'users'?)"},
      {"users = 0\n" + task, ":1:1: users must be 1 to 1000000, not 0"},
      {"users = 'x'\n" + task, ":1:1: users must be an integer, not the string \"x\""},
      {"host = 'https://x'\n" + task,
       ":1:1: host must be a URL such as \"http://127.0.0.1:8000\", not the string \"https://x\""},
      {"[[task]]\npath = 'x'\n",
       ":2:1: task.path must be a path that begins with '/', other than ASCII as %XX, not the "
       "string \"x\""},
      {task + "weight = -1\n", ":3:1: task.weight must be 0 to 1000, not -1"},
      {task + "weight = 0\n", ":1:3: a scenario needs a [[task]] with a weight above 0"},
      {task + "form = 'roww'\n[forms.row]\n",
       ":3:1: there is no form 'roww' in [forms] (did you mean 'row'?)"},
      {task + "form = { a = [1] }\n",
       ":3:10: a form field must be a string, a number or a boolean"},
      {task + "form = { a = '1' }\nunique = 'b'\n",
       ":4:1: task.unique must be a text field of the form, the JSON object or the query, not "
       "the string \"b\""},
      {task + "headers = { Host = 'x' }\n", ":3:13: the header 'Host' cannot be set"},
      {task + "headers = { A = \"x\\r\\n\" }\n",
       ":3:13: the header 'A' must be a string of one line"},
      {task + "method = 'GE T'\n",
       ":3:1: task.method must be a method such as \"GET\", not the string \"GE T\""},
  };
  for (const auto& [toml, message] : cases) {
    const Result<Scenario> scenario = Load(toml);
    ASSERT_FALSE(scenario.ok()) << toml;
    EXPECT_EQ(scenario.error().message, message) << toml;
  }
}

TEST(Scenario, KnowsWhatATaskWrites) {
  struct Case {
    const char* text;
    bool writes;
    Effect effect;
  };

  const std::vector<Case> cases = {
      {"", false, Effect::kInsert},
      {"writes = true", true, Effect::kInsert},
      {"writes = 'insert'", true, Effect::kInsert},
      {"method = 'POST'\nwrites = 'update'", true, Effect::kChange},
      {"method = 'DELETE'\nwrites = 'delete'", true, Effect::kChange},
      {"method = 'PUT'\nwrites = 'elsewhere'", true, Effect::kElsewhere},
      {"method = 'POST'\nwrites = false", false, Effect::kInsert},
      {"method = 'POST'", true, Effect::kUnsaid},
      {"method = 'DELETE'", true, Effect::kUnsaid},
      {"method = 'HEAD'", false, Effect::kInsert},
  };
  for (const Case& c : cases) {
    const TaskSpec task = FirstTask(std::string("[[task]]\npath = '/x'\n") + c.text);
    EXPECT_EQ(task.writes, c.writes) << c.text;
    EXPECT_EQ(task.effect, c.effect) << c.text;
  }
  const Result<Scenario> wrong = Load("[[task]]\npath = '/x'\nwrites = 'upsert'\n");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message.substr(0, 40), ":3:1: task.writes must be true or \"inser");
}

TEST(Scenario, RefusesAFileWithoutTasks) {
  EXPECT_FALSE(Load("").ok());
}

TEST(Scenario, RefusesTwoBodies) {
  EXPECT_FALSE(Load("[[task]]\npath = '/'\nbody = 'a'\njson = { a = 1 }\n").ok());
}

TEST(Scenario, NamesTheFileThatIsNotThere) {
  const Result<Scenario> scenario = LoadScenario("/no/such/file.toml");
  ASSERT_FALSE(scenario.ok());
  EXPECT_NE(scenario.error().message.find("/no/such/file.toml"), std::string::npos);
}

}  // namespace
}  // namespace sqlicorn::loadgen
