// SPDX-License-Identifier: MIT
// Steps that look at each other, from their definition to the database.
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/base/log.h"
#include "tests/worker/worker_testing.h"
#include "worker/turn/write_batch.h"

namespace sqlicorn {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE issue (id INTEGER PRIMARY KEY, title TEXT, version INTEGER DEFAULT 1);
CREATE TABLE tag (issue INTEGER, name TEXT, weight);
CREATE TABLE log (what TEXT);
INSERT INTO issue VALUES (1, 'one', 1), (2, 'two', 1);
INSERT INTO tag VALUES (1, 'a', 1), (1, 'b', 2);
)sql";

constexpr const char* kStatements = R"toml(
[statements]
insert_issue = "INSERT INTO issue (title) VALUES (:title) RETURNING id, title"
insert_plain = "INSERT INTO issue (title) VALUES (:title)"
tag_it = "INSERT INTO tag VALUES (:created.id, :title, 0)"
tag_last = "INSERT INTO tag VALUES (:insert_plain.last_insert_rowid, :insert_plain.changes, 0)"
add_tag = "INSERT INTO tag (issue, name, weight) VALUES (:id, :item.name, :item.weight)"
add_name = "INSERT INTO tag (issue, name) VALUES (:id, :item)"
note = "INSERT INTO log VALUES ('noted')"
rename = "UPDATE issue SET title = :title, version = version + 1 WHERE id = :id AND version = :version"
find = "SELECT id, title FROM issue WHERE id = :id"
by_title = "SELECT id FROM issue WHERE title = :title"
tags = "SELECT name FROM tag WHERE issue = :id ORDER BY name"
count_changes = "INSERT INTO log VALUES (:add_name.changes)"
[params.p]
id = { type = "integer", default = 1 }
title = { type = "text", default = "new" }
version = { type = "integer", default = 1 }
tags = { type = "text", nullable = true }
[[endpoint]]
path = "/x/"
methods = ["POST"]
params = "p"
)toml";

constexpr const char* kForm = "Content-Type: application/x-www-form-urlencoded\r\n";

class Steps {
 public:
  explicit Steps(const std::string& rest, Scheduler* scheduler = nullptr)
      : app(kStatements + rest + "\n", kSchema, scheduler) {}

  const Reply& Post(const std::string& form = "") {
    return client.Send(RequestText("POST /x/", kForm, form));
  }

  std::string Select(const std::string& sql) { return Ask(*app.connection, sql); }

  TestApp app;
  AppClient client{app};
};

TEST(Steps, UseTheRowOfAnEarlierOne) {
  Steps steps(
      "transaction = \"immediate\"\nrespond = \"row\"\n"
      "steps = [{ statement = \"insert_issue\", name = \"created\" }, \"tag_it\"]");
  EXPECT_EQ(steps.Post("title=third").body, R"({"id":3,"title":"third"})");
  EXPECT_EQ(steps.Select("SELECT name FROM tag WHERE issue = 3"), "third");
}

TEST(Steps, UseWhatSqliteCounts) {
  Steps steps("transaction = \"immediate\"\nsteps = [\"insert_plain\", \"tag_last\"]");
  EXPECT_EQ(steps.Post().status, 200);
  EXPECT_EQ(steps.Select("SELECT name FROM tag WHERE issue = 3"), "1");
}

TEST(Steps, RunOnlyWhen) {
  const struct {
    const char* when;
    const char* form;
    const char* notes;
  } rows[] = {
      {"id", "id=1", "1"},
      {"id", "id=0", "0"},
      {"!id", "id=0", "1"},
      {"title", "title=", "0"},
      {"title", "title=0", "1"},
      {"tags", "", "0"},
      {"found.id", "title=one", "1"},
      {"found.id", "title=nope", "0"},
      {"!found.id", "title=nope", "1"},
  };

  for (const auto& row : rows) {
    Steps steps(
        fmt::format("transaction = \"immediate\"\nsteps = [{{ statement = \"by_title\", name "
                    "= \"found\" }}, {{ statement = \"note\", when = \"{}\" }}]",
                    row.when));
    EXPECT_EQ(steps.Post(row.form).status, 200);
    EXPECT_EQ(steps.Select("SELECT count(*) FROM log"), row.notes) << row.when << ' ' << row.form;
  }
}

TEST(Steps, StopWhereTheyDoNotFindWhatTheyExpect) {
  const struct {
    const char* step;
    const char* form;
    int status;
  } rows[] = {
      {"statement = \"find\", expect = \"row\"", "id=1", 200},
      {"statement = \"find\", expect = \"row\"", "id=9", 404},
      {"statement = \"find\", expect = \"row\", otherwise = 410", "id=9", 410},
      {"statement = \"rename\", expect = \"changes\", otherwise = 412", "version=1", 200},
      {"statement = \"rename\", expect = \"changes\", otherwise = 412", "version=2", 412},
      {"statement = \"by_title\", expect = \"none\"", "title=fresh", 200},
      {"statement = \"by_title\", expect = \"none\"", "title=one", 409},
      {"statement = \"find\", expect = \"row\", when = \"!id\"", "id=9", 200},
      {"statement = \"find\", expect = \"changes\"", "id=1", 404},
  };

  for (const auto& row : rows) {
    Steps steps(fmt::format("steps = [\"note\", {{ {} }}, \"note\"]", row.step));
    ASSERT_TRUE(SetLogTarget(steps.app.directory.File("log")));
    EXPECT_EQ(steps.Post(row.form).status, row.status) << row.step;
    ASSERT_TRUE(SetLogTarget("-"));
    EXPECT_EQ(steps.Select("SELECT count(*) FROM log"), row.status == 200 ? "2" : "0") << row.step;
    EXPECT_EQ(ReadFile(steps.app.directory.File("log")).value(), "");
  }
}

TEST(Steps, SayWhyTheyStop) {
  Steps steps(
      "steps = [{ statement = \"by_title\", expect = \"none\", detail = \"the title is taken\" }]");
  const auto problem = nlohmann::json::parse(steps.Post("title=one").body);
  EXPECT_EQ(problem["detail"], "the title is taken");
  EXPECT_EQ(problem["status"], 409);
  EXPECT_FALSE(problem.contains("code"));
}

TEST(Steps, RunForEachElementOfAnArray) {
  Steps names("steps = [{ statement = \"add_name\", foreach = \"tags\" }, \"count_changes\"]");
  EXPECT_EQ(names.Post("id=2&tags=[\"x\",\"y\",7,null]").status, 200);
  EXPECT_EQ(names.Select("SELECT group_concat(coalesce(name, 'null')) FROM tag WHERE issue = 2"),
            "x,y,7,null");
  EXPECT_EQ(names.Select("SELECT what FROM log"), "4");
  Steps objects("steps = [{ statement = \"add_tag\", foreach = \"tags\" }]");
  EXPECT_EQ(objects
                .Post("id=2&tags=[{\"name\":\"n\",\"weight\":1.5},{\"name\":\"m\"},"
                      "{\"weight\":[1]},5]")
                .status,
            200);
  EXPECT_EQ(objects.Select("SELECT group_concat(coalesce(name, '-') || ':' || coalesce(weight, "
                           "'-')) FROM tag WHERE issue = 2"),
            "n:1.5,m:-,-:[1],-:-");
}

TEST(Steps, RunNotAtAllForAnArrayThatIsEmptyOrNull) {
  Steps steps("steps = [{ statement = \"add_name\", foreach = \"tags\" }]");
  EXPECT_EQ(steps.Post("id=2&tags=[]").status, 200);
  EXPECT_EQ(steps.Post("id=2").status, 200);
  EXPECT_EQ(steps.Select("SELECT count(*) FROM tag WHERE issue = 2"), "0");
}

TEST(Steps, RefuseWhatIsNoArray) {
  Steps steps("steps = [\"note\", { statement = \"add_name\", foreach = \"tags\" }]");
  for (const char* tags : {"{\"a\":1}", "5", "[1", "x"}) {
    EXPECT_EQ(steps.Post(fmt::format("tags={}", tags)).status, 400) << tags;
  }
  EXPECT_EQ(steps.Select("SELECT count(*) FROM log"), "0");
  EXPECT_NE(steps.Post("tags=5").body.find("field 'tags' must be a JSON array"), std::string::npos);
}

TEST(Steps, StopInTheMiddleOfAnArrayAllOrNothing) {
  Steps steps("steps = [{ statement = \"add_name\", foreach = \"tags\" }]");
  Must(*steps.app.connection, "CREATE UNIQUE INDEX once ON tag (issue, name)");
  EXPECT_EQ(steps.Post("id=2&tags=[\"x\",\"y\",\"x\"]").status, 409);
  EXPECT_EQ(steps.Select("SELECT count(*) FROM tag WHERE issue = 2"), "0");
  EXPECT_EQ(steps.Post("id=2&tags=[\"x\",\"y\"]").status, 200);
}

TEST(Results, AreOneObjectOfSeveralSteps) {
  Steps steps(
      "steps = [\"find\", \"note\", \"tags\"]\n"
      "respond = { results = { tags = \"rows\", find = \"row\" } }");
  const Reply& reply = steps.Post();
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body, R"({"find":{"id":1,"title":"one"},"tags":[{"name":"a"},{"name":"b"}]})");
  EXPECT_EQ(steps.Post("id=2").body, R"({"find":{"id":2,"title":"two"},"tags":[]})");
  EXPECT_EQ(steps.Post("id=3").status, 404);
}

TEST(Results, OfAStepThatDidNotRunAreEmpty) {
  Steps steps(
      "steps = [\"find\", { statement = \"tags\", when = \"version\" }]\n"
      "respond = { results = { find = \"row\", tags = \"rows\" } }");
  EXPECT_EQ(steps.Post("version=0").body, R"({"find":{"id":1,"title":"one"},"tags":[]})");
}

TEST(Results, HaveHeadersOfAnyStep) {
  Steps steps(
      "steps = [\"find\", \"tags\"]\nrespond = { results = { tags = \"rows\" }, "
      "headers = { X-Title = \"{find.title}\" } }");
  steps.Post("id=2");
  ASSERT_EQ(steps.client.exchange.reply.headers.size(), 1U);
  EXPECT_EQ(steps.client.exchange.reply.headers[0].value, "two");
}

// Gathers writes as a turn would.
class GatheredWrites final : public Scheduler {
 public:
  void Read(Job& job) override { direct_.Read(job); }

  void Write(Job& job) override { jobs.push_back(&job); }

  void Settle(Job& job) override { direct_.Settle(job); }

  void Withdraw(Job& /*job*/) override {}

  std::vector<Job*> jobs;

 private:
  DirectScheduler direct_;
};

TEST(GroupCommit, UndoesTheSavepointAloneOfARequestThatStops) {
  GatheredWrites writes;
  Steps steps("steps = [\"note\", { statement = \"rename\", expect = \"changes\" }]", &writes);
  AppClient second(steps.app);
  AppClient third(steps.app);
  steps.Post("id=1&title=first");
  second.Send(RequestText("POST /x/", kForm, "id=1&title=second&version=1"));
  third.Send(RequestText("POST /x/", kForm, "id=2&title=third"));
  WriteBatch batch(*steps.app.connection, steps.app.plans->transactions());
  const auto result = batch.Run(writes.jobs, std::chrono::seconds(10));
  ASSERT_EQ(result.answers.size(), 3U);
  for (Job* job : result.answers) {
    job->Finish();
  }
  EXPECT_EQ(steps.client.exchange.reply.status, 200);
  EXPECT_EQ(second.exchange.reply.status, 404) << "the first had changed the version";
  EXPECT_EQ(third.exchange.reply.status, 200);
  EXPECT_EQ(steps.Select("SELECT count(*) FROM log"), "2");
  EXPECT_EQ(steps.Select("SELECT group_concat(title) FROM issue"), "first,third");
}

TEST(WrongSteps, NameWhatTheyMean) {
  const std::pair<const char*, const char*> rows[] = {
      {"steps = [\"tag_it\"]",
       "statement 'tag_it' uses :created.id, but no step before it is named 'created'"},
      {"steps = [\"tag_it\", { statement = \"insert_issue\", name = \"created\" }]",
       "uses :created.id, but no step before it is named 'created'"},
      {"steps = [{ statement = \"by_title\", name = \"creatd\" }, \"tag_it\"]",
       "(did you mean 'creatd'?)"},
      {"steps = [{ statement = \"tags\", name = \"created\" }, \"tag_it\"]",
       "uses :created.id, but the step 'created' returns no column 'id'"},
      {"steps = [\"add_name\"]", "uses :item, which is no field of the endpoint's params"},
      {"steps = [\"add_tag\"]",
       "uses :item.name, but no step before it is named 'item'; a step "
       "with `foreach` has it"},
      {"steps = [{ statement = \"add_name\", foreach = \"tgas\" }]",
       "has foreach = 'tgas', which is no field of the endpoint's params (did you mean 'tags'?)"},
      {"steps = [{ statement = \"note\", when = \"find.id\" }]",
       "has when = 'find.id', but no step before it is named 'find'"},
      {"steps = [\"note\"]\nrespond = { results = { note = \"rows\" } }",
       "respond.results names 'note', which is no step that returns rows"},
  };
  const auto connection = OpenDatabase(":memory:");
  Must(*connection, kSchema);
  for (const auto& [steps, fault] : rows) {
    const ServerConfig config =
        ConfigOf(fmt::format("database.path = \"t.db\"\n{}{}\n", kStatements, steps), "/");
    const auto plans = PlanSet::Compile(*connection, config);
    ASSERT_FALSE(plans) << steps;
    EXPECT_NE(plans.error().message.find(fault), std::string::npos) << plans.error().message;
  }
}

}  // namespace
}  // namespace sqlicorn
