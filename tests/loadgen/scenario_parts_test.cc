// SPDX-License-Identifier: MIT
// Users, steps, values, stages and what is expected, as the file has them.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/scenario/text_template.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

using Indices = std::vector<std::size_t>;

class ScenarioParts : public ::testing::Test {
 protected:
  // Next to it is people.csv.
  Result<Scenario> Load(const std::string& toml) {
    Put("people.csv", "name,mail\na,a@x\nb,b@x\n");
    Put("s.toml", toml);
    return LoadScenario(dir_.File("s.toml"));
  }

  void Put(const std::string& name, const std::string& content) {
    EXPECT_TRUE(WriteFile(dir_.File(name), content).ok());
  }

  // What is wrong, told from the file's place.
  std::string Wrong(const std::string& toml) {
    const Result<Scenario> scenario = Load(toml);
    std::string message = scenario ? "nothing" : scenario.error().message;
    const std::string path = dir_.File("s.toml");
    for (std::size_t at = message.find(path); at != std::string::npos; at = message.find(path)) {
      message.erase(at, path.size());
    }
    return message;
  }

  TempDir dir_;
};

TEST_F(ScenarioParts, OneKindOfUsersIsWhatAFileWithoutUsersHas) {
  const Scenario scenario =
      Load(
          "wait = '1s'\ncookies = true\n[[task]]\npath = '/a'\nweight = 2\n[[task]]\npath = '/b'\n")
          .value();
  ASSERT_EQ(scenario.kinds.size(), 1u);
  const UserKind& kind = scenario.kinds[0];
  EXPECT_EQ(kind.name, "User");
  EXPECT_TRUE(kind.cookies);
  EXPECT_EQ(kind.wait.least, std::chrono::seconds(1));
  ASSERT_EQ(kind.sequences.size(), 2u);
  EXPECT_EQ(kind.sequences[0].weight, 2u);
  EXPECT_EQ(kind.sequences[1].tasks, Indices{1});
}

TEST_F(ScenarioParts, KindsOfUsersHaveTasksOfTheirOwn) {
  const Scenario scenario = Load(R"(
wait = "1s"
[[user]]
name = "reader"
weight = 3
[[user.task]]
path = "/a"

[[user]]
name = "admin"
count = 2
wait = { pace = "5s" }
[[user.start]]
path = "/login"
[[user.task]]
path = "/b"
[[user.task]]
weight = 4
[[user.task.step]]
path = "/c"
name = "first"
wait = "2s"
[[user.task.step]]
path = "/d"
)")
                                .value();
  ASSERT_EQ(scenario.kinds.size(), 2u);
  EXPECT_EQ(scenario.kinds[0].weight, 3u);
  EXPECT_EQ(scenario.kinds[0].wait.least, std::chrono::seconds(1));
  const UserKind& admin = scenario.kinds[1];
  EXPECT_EQ(admin.count, 2u);
  EXPECT_EQ(admin.wait.kind, Wait::Kind::kPace);
  EXPECT_EQ(admin.start, Indices{1});
  ASSERT_EQ(admin.sequences.size(), 2u);
  EXPECT_EQ(admin.sequences[1].tasks, (Indices{3, 4}));
  EXPECT_EQ(scenario.tasks[3].name, "first");
  EXPECT_EQ(scenario.tasks[3].weight, 4u);
  EXPECT_EQ(scenario.tasks[3].wait->least, std::chrono::seconds(2));
  EXPECT_FALSE(scenario.tasks[4].wait);
}

TEST_F(ScenarioParts, ValuesStandInTextsOfAllKinds) {
  const Scenario scenario = Load(R"(
[values]
n = { counter = 1 }
p = { csv = "people.csv", pick = "user" }
[[task]]
path = "/${n}"
headers = { X = "a ${p.mail}" }
method = "POST"
json = { n = "${n}", t = "n ${n}", k = ["${p.name}"] }
)")
                                .value();
  const TaskSpec& task = scenario.tasks[0];
  EXPECT_EQ(task.name, "/${n}");
  EXPECT_TRUE(HasMark(task.path));
  EXPECT_TRUE(HasMark(task.headers[0].second));
  EXPECT_EQ(scenario.values.values.size(), 5u) << "user, run, n, p.name, p.mail";
  const std::size_t at = task.body.find(kMarkBegin);
  EXPECT_EQ(task.body.substr(0, at), "{\"n\":");
  EXPECT_EQ(ReadMark(std::string_view(task.body).substr(at)).encoding, Encoding::kJsonWhole);
  EXPECT_EQ(scenario.values.files[0].table.rows.size(), 2u);
}

TEST_F(ScenarioParts, WhatAStepTakesIsForTheStepsAfterIt) {
  const std::string take = "take = { t = { json = '/t' } }\n";
  const std::string use = "path = '/${t}'\n";
  EXPECT_EQ(Wrong("[[task]]\n[[task.step]]\npath = '/'\n" + take + "[[task.step]]\n" + use),
            "nothing");
  EXPECT_EQ(Wrong("[[start]]\npath = '/'\n" + take + "[[task]]\n" + use), "nothing");
  EXPECT_EQ(Wrong("[[task]]\npath = '/'\n" + take + "[[task]]\n" + use),
            ":5:1: 't' is taken from an answer, but by no step before this one");
  EXPECT_EQ(Wrong("[[task]]\npath = '/'\n" + take + "headers = { X = '${t}' }\n"),
            ":4:13: there is no value 't' here; $${ stands for ${ itself");
}

TEST_F(ScenarioParts, ExpectationsAndWhatIsTaken) {
  const Scenario scenario = Load(R"(
[[task]]
path = "/"
take = { id = { json = "/id" }, tag = { header = "ETag" } }
[task.expect]
status = [200, 404]
contains = "OK"
equals = "OK"
json = { "/a/0" = 1.5, "" = { b = [true] } }
)")
                                .value();
  const TaskSpec& task = scenario.tasks[0];
  EXPECT_EQ(task.expect.statuses, (std::vector<int>{200, 404}));
  EXPECT_EQ(task.expect.contains, std::vector<std::string>{"OK"});
  EXPECT_EQ(task.expect.equals, std::vector<std::string>{"OK"});
  ASSERT_EQ(task.expect.json.size(), 2u);
  EXPECT_EQ(task.expect.json[0].value, "1.5");
  EXPECT_EQ(task.expect.json[1].value, "{\"b\":[true]}");
  ASSERT_EQ(task.take.size(), 2u);
  EXPECT_EQ(task.take[0].pointer.text(), "/id");
  EXPECT_EQ(task.take[1].header, "ETag");
}

TEST_F(ScenarioParts, StagesSayHowManyUsersThereAre) {
  const Scenario scenario =
      Load(
          "[[stage]]\nduration = '10s'\nusers = 5\n[[stage]]\nduration = '1m'\nusers = 0\n"
          "spawn_rate = 2.5\n[[task]]\npath = '/'\n")
          .value();
  ASSERT_EQ(scenario.stages.size(), 2u);
  EXPECT_EQ(scenario.stages[0].users, 5u);
  EXPECT_FALSE(scenario.stages[0].spawn_rate);
  EXPECT_EQ(scenario.stages[1].duration, std::chrono::minutes(1));
  EXPECT_EQ(scenario.stages[1].spawn_rate, 2.5);
}

TEST_F(ScenarioParts, AScenarioHasItsUsualUsersAndLength) {
  const std::string tasks = "[[user.task]]\npath = '/'\n";
  EXPECT_EQ(UsualUsers(SeedScenario().value()), 1u);
  EXPECT_EQ(LengthOfStages(SeedScenario().value()), std::nullopt);
  const std::string fixed = "[[user]]\nname = 'a'\ncount = 5\n" + tasks;
  EXPECT_EQ(UsualUsers(Load(fixed).value()), 5u);
  EXPECT_EQ(UsualUsers(Load(fixed + "[[user]]\nname = 'b'\n" + tasks).value()), 6u);
  const Scenario stages =
      Load("[[stage]]\nduration = '1s'\nusers = 7\n[[stage]]\nduration = '2s'\nusers = 2\n" + fixed)
          .value();
  EXPECT_EQ(UsualUsers(stages), 7u);
  EXPECT_EQ(LengthOfStages(stages), std::chrono::seconds(3));
}

TEST_F(ScenarioParts, RefusesWhatIsWrongAndSaysWhere) {
  const std::string task = "[[task]]\npath = '/'\n";
  const std::string user = "[[user]]\nname = 'a'\n[[user.task]]\npath = '/'\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {task + user, ":1:3: with [[user]]s a [[task]] is one of theirs: [[user.task]]"},
      {"[[user]]\nname = 'a'\n", ":1:1: [[user]] needs 'task'"},
      {"[[user]]\nname = 'a'\nweight = 0\n[[user.task]]\npath = '/'\n",
       ":1:1: a [[user]] needs a weight above 0, or a count"},
      {"[[user]]\nname = 'a'\nweight = 1\ncount = 1\n[[user.task]]\npath = '/'\n",
       ":1:1: a user has one of 'weight' and 'count'"},
      {"[[user]]\nname = 'a'\n[[user.task]]\nweigth = 1\n",
       ":4:1: unknown key 'weigth' in [[user.task]] (did you mean 'weight'?)"},
      {"[[task]]\npath = '/'\nwait = { pace = '1s' }\n", "nothing"},
      {"[[task]]\n[[task.step]]\npath = '/'\nwait = { pace = '1s' }\n",
       ":4:1: task.step.wait must be a pause: a pace is for whole tasks, not a table"},
      {"[[task]]\npath = '/a'\n[[task.step]]\npath = '/'\n",
       ":2:1: unknown key 'path' in [[task]]"},
      {"users = 5\n[[stage]]\nduration = '1s'\nusers = 1\n" + task,
       ":1:1: 'users' is what the [[stage]]s say; leave it out"},
      {"[[stage]]\nusers = 1\n" + task, ":1:1: [[stage]] needs 'duration'"},
      {"values = { n = 5 }\n" + task, ":1:12: values.n must be a table such as { counter = 1 }"},
      {"values = { 'a b' = { counter = 1 } }\n" + task,
       ":1:12: 'a b' cannot be the name of a value: letters, digits, '_' and '-', and not 'user' "
       "or 'run'"},
      {"values = { n = { conter = 1 } }\n" + task,
       ":1:12: values.n needs one of counter, integer, string, choice, uuid and csv"},
      {"values = { n = { integer = [5, 1] } }\n" + task,
       ":1:18: values.n.integer = [5, 1] has the greater number first"},
      {"values = { n = { string = [20, 5] } }\n" + task,
       ":1:18: values.n.string = [20, 5] has the greater number first"},
      {"values = { n = { string = [5, -1] } }\n" + task,
       ":1:18: values.n.string must be a length such as 12, or two such as [5, 20], up to 1000000, "
       "not a list"},
      {"values = { n = { counter = 1, zipf = 2 } }\n" + task,
       ":1:31: unknown key 'zipf' in [values.n]"},
      {"values = { n = { csv = 'people.csv', zipf = 2 } }\n" + task,
       ":1:12: 'zipf' is for pick = \"random\""},
      {"[[task]]\npath = '/'\nexpect = { status = 20 }\n",
       ":3:12: task.expect.status must be a status from 100 to 599, or a list of them, not the "
       "integer 20"},
      {"[[task]]\npath = '/'\nexpect = { json = { a = 1 } }\n",
       ":3:21: 'a': a JSON pointer such as \"/rows/0/id\" begins with '/', and has '~' as ~0 and "
       "'/' as ~1"},
      {"[[task]]\npath = '/'\ntake = { user = { json = '/a' } }\n",
       ":3:10: 'user' cannot be the name of what is taken: letters, digits, '_' and '-', and no "
       "name in [values]"},
      {"[[task]]\npath = '/'\ntake = { a = {} }\n",
       ":3:10: what is taken needs one of json = \"/pointer\" and header = \"Name\""},
  };
  for (const auto& [toml, message] : cases) {
    EXPECT_EQ(Wrong(toml), message) << toml;
  }
}

TEST_F(ScenarioParts, TellsAllThatIsWrongAtOnce) {
  EXPECT_EQ(Wrong("users = 0\n[values]\nn = { integer = 1 }\n[[task]]\npath = 'x'\n[[task]]\n"
                  "path = '/${m}'\nform = { a = '${b}' }\n"),
            ":1:1: users must be 1 to 1000000, not 0\n"
            ":3:7: values.n.integer must be two integers from -10^15 to 10^15 such as [1, 100], "
            "not the integer 1\n"
            ":5:1: task.path must be a path that begins with '/', other than ASCII as %XX, not the "
            "string \"x\"\n"
            ":8:10: there is no value 'b' here; $${ stands for ${ itself\n"
            ":7:1: there is no value 'm' here; $${ stands for ${ itself");
}

TEST_F(ScenarioParts, NamesTheFileOfLinesThatIsWrong) {
  EXPECT_TRUE(Wrong("values = { n = { csv = 'none.csv' } }\n[[task]]\npath = '/'\n")
                  .starts_with(":1:18: "));
  Put("bad.csv", "a,b\n1\n");
  const std::string wrong = Wrong("values = { n = { csv = 'bad.csv' } }\n[[task]]\npath = '/'\n");
  EXPECT_EQ(wrong,
            ":1:18: " + dir_.File("bad.csv") + ": line 2: 1 fields where the first line names 2");
}

}  // namespace
}  // namespace sqlicorn::loadgen
