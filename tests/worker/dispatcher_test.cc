// SPDX-License-Identifier: MIT
#include "worker/request/dispatcher.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/base/log.h"
#include "tests/worker/worker_testing.h"
#include "worker/turn/meters.h"

namespace sqlicorn {
namespace {

constexpr const char* kSchema =
    "PRAGMA journal_mode = wal; CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER UNIQUE)";

constexpr const char* kApp = R"toml(
[statements]
insert = "INSERT INTO t (v) VALUES (:v)"
select = "SELECT id, v FROM t"
touch = "INSERT INTO t (v) VALUES (99)"
wide = "SELECT count(*) AS n FROM gone"
[params.p]
v = { type = "integer" }
[[endpoint]]
path = "/ok/"
methods = ["POST"]
params = "p"
transaction = "immediate"
steps = ["insert"]
[[endpoint]]
path = "/rows/"
methods = ["POST"]
params = "p"
transaction = "immediate"
steps = ["insert", "select"]
respond = "rows"
[[endpoint]]
path = "/bare/"
methods = ["POST"]
params = "p"
transaction = "none"
steps = ["insert"]
[[endpoint]]
path = "/plain/"
methods = ["GET"]
transaction = "none"
steps = ["wide"]
[[endpoint]]
path = "/touch/"
methods = ["GET", "HEAD"]
steps = ["touch"]
)toml";

constexpr const char* kSchemaWithGone = "; CREATE TABLE gone (a)";

class Client {
 public:
  explicit Client(Scheduler* scheduler = nullptr)
      : app(kApp, std::string(kSchema) + kSchemaWithGone, scheduler) {}

  const Reply& Send(
      std::string_view line, std::string_view body = "",
      std::string_view fields = "Content-Type: application/x-www-form-urlencoded\r\n") {
    return client.Send(RequestText(line, fields, body));
  }

  // Of the answer before.
  nlohmann::json Problem() { return nlohmann::json::parse(exchange.reply.body); }

  std::string Detail() { return Problem()["detail"]; }

  TestApp app;
  AppClient client{app};
  Exchange& exchange = client.exchange;
};

std::string HeaderOf(const Reply& reply, std::string_view name) {
  for (const HeaderView& header : reply.headers) {
    if (header.name == name) {
      return std::string(header.value);
    }
  }
  return "";
}

TEST(Dispatcher, AnswersOkAndRows) {
  Client client;
  const Reply& reply = client.Send("POST /ok/", "v=7");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "OK");
  EXPECT_EQ(reply.content_type, "text/plain; charset=utf-8");
  client.Send("POST /rows/", "v=8");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"([{"id":1,"v":7},{"id":2,"v":8}])");
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(client.client.answers, 2);
  EXPECT_EQ(client.app.slot.requests, 2U);
}

TEST(Dispatcher, AnswersForTheServerAsAWhole) {
  Client client;
  const Reply& reply = client.Send("OPTIONS *");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(reply.content_type, "");
}

TEST(Dispatcher, Answers415ToABodyThatNobodyReads) {
  Client client;
  const Reply& reply = client.Send("POST /ok/", "v=7", "Content-Type: text/plain\r\n");
  EXPECT_EQ(reply.status, 415);
  EXPECT_EQ(HeaderOf(reply, "Accept"),
            "application/json, application/x-www-form-urlencoded, multipart/form-data");
  EXPECT_EQ(HeaderOf(reply, "Accept-Encoding"), "identity");
  EXPECT_EQ(client.Send("POST /ok/", "v=7").status, 200);
}

TEST(Dispatcher, NeverWritesForHead) {
  Client client;
  EXPECT_EQ(client.Send("HEAD /touch/").status, 405);
  EXPECT_EQ(HeaderOf(client.exchange.reply, "Allow"), "GET, OPTIONS");
  EXPECT_EQ(client.Send("GET /touch/").status, 200);
  client.Send("POST /rows/", "v=8");
  EXPECT_EQ(client.exchange.reply.body, R"([{"id":1,"v":99},{"id":2,"v":8}])");
}

TEST(Dispatcher, Answers404And405) {
  Client client;
  EXPECT_EQ(client.Send("GET /nope/").status, 404);
  EXPECT_EQ(client.exchange.reply.body,
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}\n");
  EXPECT_EQ(client.Send("DELETE /plain/", "", "Accept: text/plain\r\n").status, 405);
  EXPECT_EQ(client.exchange.reply.body, "Method Not Allowed\n");
  EXPECT_EQ(HeaderOf(client.exchange.reply, "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(client.client.answers, 2);
}

TEST(Dispatcher, Answers400AsAProblemWhateverTheEndpointAnswers) {
  Client client;
  EXPECT_EQ(client.Send("POST /ok/", "v=x").status, 400);
  EXPECT_EQ(client.exchange.reply.content_type, "application/problem+json");
  EXPECT_EQ(client.Detail(), "field 'v' must be an integer");
  EXPECT_EQ(client.Send("POST /rows/", "w=%zz").status, 400);
  EXPECT_EQ(client.exchange.reply.content_type, "application/problem+json");
  EXPECT_EQ(client.Detail(), "form: a '%' is not followed by two hexadecimal digits");
}

TEST(Dispatcher, Answers409ToAConstraint) {
  Client client;
  client.Send("POST /ok/", "v=1");
  EXPECT_EQ(client.Send("POST /ok/", "v=1").status, 409);
  EXPECT_EQ(client.Detail(), "UNIQUE constraint failed: t.v (SQLITE_CONSTRAINT_UNIQUE)");
  EXPECT_EQ(client.Problem()["code"], "SQLITE_CONSTRAINT_UNIQUE");
  EXPECT_EQ(client.Problem()["constraint"], "t.v");
  EXPECT_EQ(HeaderOf(client.exchange.reply, "Retry-After"), "");
}

TEST(Dispatcher, AnswersTheBusyStatusAndGoesOn) {
  Client client;
  const auto other = OpenDatabase(client.app.config.database.path);
  Must(*other, "BEGIN IMMEDIATE");
  EXPECT_EQ(client.Send("POST /ok/", "v=1").status, 503);
  EXPECT_EQ(client.Detail(), "database is locked (SQLITE_BUSY)");
  EXPECT_EQ(HeaderOf(client.exchange.reply, "Retry-After"), "1");
  client.app.config.database.busy_status = 500;
  EXPECT_EQ(client.Send("POST /rows/", "v=1").status, 500);
  EXPECT_EQ(client.Detail(), "database is locked (SQLITE_BUSY)");
  EXPECT_EQ(client.app.slot.busy, 2U);
  Must(*other, "ROLLBACK");
  EXPECT_EQ(client.Send("POST /ok/", "v=1").status, 200);
  EXPECT_TRUE(client.exchange.reply.headers.empty());
}

TEST(Dispatcher, Answers503WhenTheSchemaHasChangedOrTheDiskIsAtFault) {
  Client client;
  Must(*client.app.connection, "DROP TABLE gone");
  EXPECT_EQ(client.Send("GET /plain/").status, 503);
  EXPECT_EQ(client.Detail(), "the schema of the database has changed (SQLITE_SCHEMA)");
  Must(*client.app.connection, "PRAGMA query_only = on");
  EXPECT_EQ(client.Send("POST /ok/", "v=1").status, 503);
  EXPECT_EQ(client.Detail(), "attempt to write a readonly database (SQLITE_READONLY)");
}

TEST(Dispatcher, LogsRolledBackOnlyWhereThereWasATransaction) {
  Client client;
  const std::string log = client.app.directory.File("log");
  ASSERT_TRUE(SetLogTarget(log));
  Must(*client.app.connection, "DROP TABLE gone; PRAGMA query_only = on");
  client.Send("GET /plain/");
  client.Send("POST /ok/", "v=1");
  ASSERT_TRUE(SetLogTarget("-"));
  const std::string text = ReadFile(log).value();
  EXPECT_NE(text.find("[ERROR] GET /plain/: the schema of the database has changed: no such table: "
                      "gone (SQLITE_SCHEMA); step 'wide'\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("POST /ok/: attempt to write a readonly database (SQLITE_READONLY), rolled "
                      "back\n"),
            std::string::npos)
      << text;
}

// Endpoints of kApp.
constexpr std::size_t kOk = 0;
constexpr std::size_t kPlain = 3;

std::uint64_t Locked(const TestApp& app, LockCause cause) {
  return app.worker_counters.locked.at(static_cast<std::size_t>(cause));
}

TEST(Dispatcher, CountsRequestsByEndpointAndWritesByWorker) {
  Client client;
  client.Send("POST /ok/", "v=1");
  client.Send("POST /ok/", "v=x");
  client.Send("GET /plain/");
  client.Send("GET /nope/");
  EXPECT_EQ(client.app.endpoint_counters[kOk].requests, 2U);
  EXPECT_EQ(client.app.endpoint_counters[kPlain].requests, 1U);
  EXPECT_EQ(client.app.worker_counters.writes, 1U) << "a bad request never becomes a write";
}

TEST(Dispatcher, CountsALockByItsCause) {
  Client client;
  const auto other = OpenDatabase(client.app.config.database.path);
  Must(*other, "BEGIN IMMEDIATE");
  client.Send("POST /ok/", "v=1");
  Must(*other, "ROLLBACK");
  Must(*client.app.connection, "BEGIN; SELECT * FROM t");
  Must(*other, "INSERT INTO t (v) VALUES (5)");
  client.Send("POST /bare/", "v=2");
  EXPECT_EQ(client.exchange.outcome.status.name(), "SQLITE_BUSY_SNAPSHOT");
  EXPECT_EQ(Locked(client.app, LockCause::kBusy), 1U);
  EXPECT_EQ(Locked(client.app, LockCause::kSnapshot), 1U);
  EXPECT_EQ(Locked(client.app, LockCause::kRecovery), 0U);
  EXPECT_EQ(client.app.endpoint_counters[kOk].busy, 1U);
}

TEST(Dispatcher, RecordsTheWaitThatTheSchedulerTells) {
  HeldWrites scheduler;
  Client client(&scheduler);
  client.Send("POST /ok/", "v=1");
  client.exchange.waited = std::chrono::microseconds(7);
  scheduler.Turn();
  EXPECT_EQ(client.app.worker_counters.wait_us.Read().Percentile(50), 7);
  EXPECT_EQ(client.app.endpoint_counters[kOk].wait_us.Read().Percentile(50), 7);
  client.Send("POST /ok/", "v=2");
  scheduler.Turn();
  EXPECT_EQ(client.app.worker_counters.wait_us.Read().count(), 1U) << "nothing was told";
}

TEST(CountLocked, KnowsTheCauses) {
  const std::vector<std::pair<int, LockCause>> cases = {{5, LockCause::kBusy},
                                                        {5 | 1 << 8, LockCause::kRecovery},
                                                        {5 | 2 << 8, LockCause::kSnapshot},
                                                        {5 | 3 << 8, LockCause::kTimeout},
                                                        {5 | 99 << 8, LockCause::kBusy}};
  for (const auto& [code, cause] : cases) {
    LockCounters counters{};
    CountLocked(SqlStatus(code, "database is locked"), counters);
    EXPECT_EQ(counters.at(static_cast<std::size_t>(cause)), 1U) << code;
  }
}

TEST(Dispatcher, LetsAWriterWaitForItsTurnWithNothingOpen) {
  HeldWrites scheduler;
  Client client(&scheduler);
  client.Send("POST /ok/", "v=1");
  EXPECT_EQ(client.client.answers, 0);
  EXPECT_FALSE(IsPinned(client.app.config.database.path));
  ASSERT_NE(scheduler.held, nullptr);
  scheduler.Turn();
  EXPECT_EQ(client.client.answers, 1);
  EXPECT_EQ(client.exchange.reply.body, "OK");
}

TEST(Dispatcher, LetsAReaderGoAtOnce) {
  HeldWrites scheduler;
  Client client(&scheduler);
  EXPECT_EQ(client.Send("GET /plain/").status, 200);
  EXPECT_EQ(scheduler.held, nullptr);
}

}  // namespace
}  // namespace sqlicorn
