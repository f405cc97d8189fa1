// SPDX-License-Identifier: MIT
// What SQLite cannot take is the client's mistake when the client sent it, and ours when we wrote
// it or another program changed the schema.
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE other (x);
CREATE TABLE doc (body TEXT);
INSERT INTO doc VALUES ('no json');
CREATE VIRTUAL TABLE book USING fts5(title);
CREATE VIRTUAL TABLE old USING fts4(title);
)sql";

// One endpoint, "/x/", over one statement that may use :q (text) and :n (integer).
class OneStatement {
 public:
  explicit OneStatement(const std::string& sql, const std::string& rest = "respond = \"rows\"")
      : app_(fmt::format("[statements]\ns = '''{}'''\n[params.p]\n"
                         "q = {{ type = \"text\", default = \"\" }}\n"
                         "n = {{ type = \"integer\", default = 0 }}\n"
                         "[[endpoint]]\npath = \"/x/\"\nmethods = [\"GET\"]\nparams = \"p\"\n"
                         "steps = [\"s\"]\n{}\n",
                         sql, rest),
             kSchema) {}

  const Reply& Get(const std::string& query = "") {
    return client_.Send(RequestText("GET /x/" + query));
  }

  Connection& database() { return *app_.connection; }

  // What the log says of the last one.
  [[nodiscard]] const std::string& why() const { return client_.exchange.outcome.status.message(); }

  [[nodiscard]] std::uint64_t outdated() const { return app_.endpoint_counters[0].outdated; }

 private:
  TestApp app_;
  AppClient client_{app_};
};

struct BadValue {
  const char* sql;
  const char* query;
};

class BadValues : public testing::TestWithParam<BadValue> {};

TEST_P(BadValues, AreTheClientsMistake) {
  OneStatement endpoint(GetParam().sql);
  const Reply& reply = endpoint.Get(GetParam().query);
  EXPECT_EQ(reply.status, 400) << GetParam().sql << GetParam().query << ": " << reply.body;
  EXPECT_EQ(reply.content_type, "application/problem+json");
  EXPECT_NE(reply.body.find(R"(","status":400,"detail":")"), std::string::npos) << reply.body;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadValues,
    testing::Values(
        BadValue{"SELECT title FROM book WHERE book MATCH :q", "?q=foo%22bar"},
        BadValue{"SELECT title FROM book WHERE book MATCH :q", "?q=c%2B%2B"},
        BadValue{"SELECT title FROM book WHERE book MATCH :q", "?q=AND"},
        BadValue{"SELECT title FROM book WHERE book MATCH :q", "?q=nope:x"},
        BadValue{"SELECT title FROM old WHERE old MATCH :q", "?q=%22a%22%20AND%20("},
        BadValue{"SELECT value FROM json_each(:q)", "?q=%7B"},
        BadValue{"SELECT json_extract('{}', :q) AS j", "?q=nopath"},
        BadValue{"SELECT abs(:n) AS a", "?n=-9223372036854775808"},
        BadValue{"SELECT sum(x) AS s FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT :n)",
                 "?n=1"},
        BadValue{"SELECT length(zeroblob(:n)) AS z", "?n=9223372036854775807"},
        BadValue{"INSERT INTO t (id) VALUES (:q) RETURNING id", "?q=abc"}));

TEST(LikePattern, ThatIsTooComplexIsTheClientsMistake) {
  OneStatement endpoint("SELECT 'a' LIKE :q AS l");
  EXPECT_EQ(endpoint.Get("?q=ok").status, 200);
  // SQLite takes 50,000 octets; a query string has 8,190 at most, so the statement doubles them.
  OneStatement longer("SELECT 'a' GLOB replace(:q, 'x', '0123456789') AS l");
  EXPECT_EQ(longer.Get("?q=" + std::string(6000, 'x')).status, 400);
}

TEST(StatementWithoutFields, CanOnlyBlameItself) {
  OneStatement endpoint("SELECT value FROM doc, json_each(body)");
  EXPECT_EQ(endpoint.Get().status, 500);
}

TEST(ForeignSchemaChange, FailsItsStatementUntilTheSchemaFitsAgain) {
  OneStatement endpoint("SELECT x FROM other WHERE x = :n");
  EXPECT_EQ(endpoint.Get().status, 200);
  Must(endpoint.database(), "DROP TABLE other");
  const TempDir directory;
  ASSERT_TRUE(SetLogTarget(directory.File("log")));
  EXPECT_EQ(endpoint.Get().status, 503);
  const Reply& reply = endpoint.Get();
  EXPECT_EQ(reply.status, 503);
  EXPECT_NE(reply.body.find("has changed (SQLITE_SCHEMA)"), std::string::npos) << reply.body;
  EXPECT_EQ(reply.body.find("other"), std::string::npos) << "the log says it: " << reply.body;
  ASSERT_TRUE(SetLogTarget("-"));
  const std::string log = ReadFile(directory.File("log")).value();
  EXPECT_NE(log.find("no such table: other"), std::string::npos) << log;
  EXPECT_EQ(log.find("no such table: other"), log.rfind("no such table: other")) << log;
  EXPECT_EQ(endpoint.outdated(), 2U);
  Must(endpoint.database(), "CREATE TABLE other (x)");
  EXPECT_EQ(endpoint.Get().status, 200);
}

TEST(ForeignSchemaChange, ThatRepeatsAColumnIsFoundWhenTheStatementIsPreparedAnew) {
  OneStatement endpoint("SELECT t.id, other.* FROM t JOIN other");
  Must(endpoint.database(), "INSERT INTO t DEFAULT VALUES; INSERT INTO other VALUES (1)");
  EXPECT_EQ(endpoint.Get().body, R"([{"id":1,"x":1}])");
  Must(endpoint.database(), "ALTER TABLE other ADD COLUMN id");
  for (int i = 0; i < 2; ++i) {
    const Reply& reply = endpoint.Get();
    EXPECT_EQ(reply.status, 503);
    EXPECT_NE(reply.body.find("SQLITE_SCHEMA"), std::string::npos) << reply.body;
    EXPECT_NE(endpoint.why().find("two columns named 'id'"), std::string::npos) << endpoint.why();
  }
  Must(endpoint.database(), "ALTER TABLE other DROP COLUMN id");
  EXPECT_EQ(endpoint.Get().body, R"([{"id":1,"x":1}])");
}

TEST(ForeignSchemaChange, ThatPutsAViewInThePlaceOfATableIsNoSilentLoss) {
  OneStatement endpoint("INSERT INTO other VALUES (:n) RETURNING x");
  EXPECT_EQ(endpoint.Get().status, 200);
  Must(endpoint.database(),
       "ALTER TABLE other RENAME TO moved; CREATE VIEW other AS SELECT x FROM moved");
  for (int i = 0; i < 3; ++i) {
    const Reply& reply = endpoint.Get();
    EXPECT_EQ(reply.status, 503);
    EXPECT_NE(reply.body.find("SQLITE_SCHEMA"), std::string::npos) << reply.body;
    EXPECT_NE(endpoint.why().find("is a view"), std::string::npos) << endpoint.why();
  }
  Must(endpoint.database(), "DROP VIEW other; ALTER TABLE moved RENAME TO other");
  EXPECT_EQ(endpoint.Get().status, 200);
  EXPECT_EQ(Ask(endpoint.database(), "SELECT count(*) FROM other"), "2");
}

TEST(PlanSet, ServesTheRestWhenItsConfigurationHasServed) {
  TempDir directory;
  const ServerConfig config = ConfigOf(
      "database.path = \"t.db\"\n[statements]\na = \"SELECT x FROM a\"\nb = \"SELECT x FROM b\"\n"
      "[[endpoint]]\npath = \"/a/\"\nmethods = [\"GET\"]\nsteps = [\"a\"]\n"
      "[[endpoint]]\npath = \"/b/\"\nmethods = [\"GET\"]\nsteps = [\"b\"]\n",
      directory.path());
  const auto connection = OpenDatabase(":memory:");
  Must(*connection, "CREATE TABLE a (x)");
  EXPECT_FALSE(PlanSet::Compile(*connection, config));
  const auto plans = PlanSet::Compile(*connection, config, Unprepared::kServeTheRest);
  ASSERT_TRUE(plans) << ErrorOf(plans);
  std::string rows;
  PlanRun run{{}, &rows};
  EXPECT_EQ((*plans)->plan(0).Execute(run).kind, OutcomeKind::kCommitted);
  const Outcome outcome = (*plans)->plan(1).Execute(run);
  EXPECT_EQ(outcome.kind, OutcomeKind::kFailed);
  EXPECT_TRUE(outcome.status.outdated()) << outcome.status.message();
  Must(*connection, "CREATE TABLE b (x)");
  (*plans)->Mend(1);
  EXPECT_EQ((*plans)->plan(1).Execute(run).kind, OutcomeKind::kCommitted);
}

}  // namespace
}  // namespace sqlicorn
