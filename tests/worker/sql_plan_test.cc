// SPDX-License-Identifier: MIT
#include "worker/plan/sql_plan.h"

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kSchema =
    "PRAGMA journal_mode = wal; CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL);"
    "INSERT INTO t (v) VALUES ('one')";

constexpr const char* kStatements =
    "[statements]\n"
    "read = \"SELECT id, v FROM t\"\n"
    "write = \"INSERT INTO t (v) VALUES (:v)\"\n"
    "returning = \"INSERT INTO t (v) VALUES (:v) RETURNING id\"\n"
    "huge = \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 80)"
    " SELECT hex(zeroblob(500000)) AS h FROM n\"\n"
    "[params.p]\nv = { type = \"text\", nullable = true }\n";

std::string Endpoint(std::string_view path, std::string_view transaction, std::string_view rest) {
  return fmt::format(
      "[[endpoint]]\npath = \"{}\"\nmethods = [\"POST\"]\nparams = \"p\"\n"
      "transaction = \"{}\"\n{}\n",
      path, transaction, rest);
}

TestApp AppOf(std::string_view transaction, std::string_view rest) {
  return {kStatements + Endpoint("/", transaction, rest), kSchema};
}

Outcome Execute(TestApp& app, const BoundParam& v, std::string* rows) {
  PlanRun run{{&v, 1}, rows};
  return app.plans->plan(0).Execute(run);
}

TEST(SqlPlan, CommitsAndReturnsTheRowsOfTheRespondingStep) {
  TestApp app = AppOf("immediate", "steps = [\"write\", \"read\"]\nrespond = \"rows\"");
  std::string rows;
  EXPECT_EQ(Execute(app, std::string_view("two"), &rows).kind, OutcomeKind::kCommitted);
  EXPECT_EQ(rows, R"([{"id":1,"v":"one"},{"id":2,"v":"two"}])");
  EXPECT_FALSE(app.connection->in_transaction());
}

TEST(SqlPlan, RespondsWithTheLastStepThatReturnsRows) {
  TestApp app = AppOf("none", "steps = [\"read\", \"returning\", \"write\"]\nrespond = \"rows\"");
  std::string rows;
  EXPECT_EQ(Execute(app, std::string_view("two"), &rows).kind, OutcomeKind::kCommitted);
  EXPECT_EQ(rows, R"([{"id":2}])");
}

TEST(SqlPlan, WritesWhereAStepDoes) {
  const struct {
    const char* transaction;
    const char* steps;
    bool writes;
  } cases[] = {
      {"none", "\"read\"", false},
      {"deferred", "\"read\"", false},
      {"immediate", "\"read\"", false},
      {"exclusive", "\"read\"", false},
      {"none", "\"write\"", true},
      {"deferred", "\"read\", \"write\"", true},
      {"none", "{ think = \"1ms\" }", false},
  };

  for (const auto& c : cases) {
    TestApp app = AppOf(c.transaction, fmt::format("steps = [{}]", c.steps));
    EXPECT_EQ(app.plans->plan(0).writes(), c.writes) << c.transaction << ' ' << c.steps;
  }
}

TEST(SqlPlan, ThinksBetweenItsSteps) {
  TestApp app = AppOf("deferred", "steps = [\"read\", { think = \"20ms\" }, \"write\"]");
  const TimePoint start = Clock::now();
  EXPECT_EQ(Execute(app, std::string_view("x"), nullptr).kind, OutcomeKind::kCommitted);
  EXPECT_GE(Clock::now() - start, milliseconds(20));
}

TEST(SqlPlan, RejectsWhatBreaksAConstraintAndRollsAllBack) {
  TestApp app = AppOf("immediate", "steps = [\"write\"]");
  const Outcome outcome = Execute(app, BoundParam(), nullptr);
  EXPECT_EQ(outcome.kind, OutcomeKind::kRejected);
  EXPECT_EQ(outcome.status.name(), "SQLITE_CONSTRAINT_NOTNULL");
  EXPECT_FALSE(app.connection->in_transaction());
  EXPECT_FALSE(IsPinned(app.config.database.path));
  EXPECT_EQ(Ask(*app.connection, "SELECT count(*) FROM t"), "1");
}

TEST(SqlPlan, IsBusyWhenADeferredReaderWantsToWriteAfterAnother) {
  TestApp app = AppOf("deferred", "steps = [\"read\", { think = \"1ms\" }, \"write\"]");
  const auto other = OpenDatabase(app.config.database.path);
  Must(*other, "BEGIN IMMEDIATE; INSERT INTO t (v) VALUES ('other')");
  const Outcome busy = Execute(app, std::string_view("x"), nullptr);
  EXPECT_EQ(busy.kind, OutcomeKind::kBusy);
  EXPECT_EQ(busy.status.name(), "SQLITE_BUSY");
  EXPECT_EQ(busy.status.message(), "database is locked");
  Must(*other, "COMMIT");
  EXPECT_FALSE(IsPinned(app.config.database.path));
  EXPECT_EQ(Execute(app, std::string_view("x"), nullptr).kind, OutcomeKind::kCommitted);
  EXPECT_EQ(Ask(*app.connection, "SELECT count(*) FROM t"), "3");
}

// The transaction is opened by hand, so that the other connection can write in the middle of it.
TEST(SqlPlan, IsBusyWithAnOldSnapshotWhateverTheBusyWait) {
  TestApp app = AppOf("none", "steps = [\"read\", \"write\"]");
  app.connection->SetBusyWait(BusyWait::kBackoff, seconds(30));
  const auto other = OpenDatabase(app.config.database.path);
  Must(*app.connection, "BEGIN");
  EXPECT_EQ(Ask(*app.connection, "SELECT count(*) FROM t"), "1");
  Must(*other, "INSERT INTO t (v) VALUES ('other')");
  const Outcome busy = Execute(app, std::string_view("x"), nullptr);
  EXPECT_EQ(busy.kind, OutcomeKind::kBusy);
  EXPECT_EQ(busy.status.name(), "SQLITE_BUSY_SNAPSHOT");
  Must(*app.connection, "ROLLBACK");
  EXPECT_EQ(Execute(app, std::string_view("x"), nullptr).kind, OutcomeKind::kCommitted);
}

TEST(SqlPlan, IsBusyAtBeginWhenTheWriteLockIsTaken) {
  TestApp app = AppOf("immediate", "steps = [\"write\"]");
  const auto other = OpenDatabase(app.config.database.path);
  Must(*other, "BEGIN IMMEDIATE");
  EXPECT_EQ(Execute(app, std::string_view("x"), nullptr).kind, OutcomeKind::kBusy);
  Must(*other, "ROLLBACK");
  EXPECT_EQ(Execute(app, std::string_view("x"), nullptr).kind, OutcomeKind::kCommitted);
}

// A reading transaction has nothing to queue for, so it must not take what others queue for.
TEST(SqlPlan, TakesNoWriteLockToReadWhereWritesQueue) {
  for (const auto& [scheduler, kind] : {std::pair{"group", OutcomeKind::kCommitted},
                                        {"fifo", OutcomeKind::kCommitted},
                                        {"retry", OutcomeKind::kBusy},
                                        {"none", OutcomeKind::kBusy}}) {
    TestApp app(fmt::format("database.scheduler = \"{}\"\n", scheduler) + kStatements +
                    Endpoint("/", "immediate", "steps = [\"read\"]"),
                kSchema);
    const auto other = OpenDatabase(app.config.database.path);
    Must(*other, "BEGIN IMMEDIATE");
    EXPECT_EQ(Execute(app, BoundParam(), nullptr).kind, kind) << scheduler;
  }
}

TEST(SqlPlan, FailsWhenTheRowsAreTooManyToAnswerWith) {
  TestApp app = AppOf("immediate", "steps = [\"write\", \"huge\"]\nrespond = \"rows\"");
  std::string rows;
  const Outcome outcome = Execute(app, std::string_view("x"), &rows);
  EXPECT_EQ(outcome.kind, OutcomeKind::kFailed);
  EXPECT_EQ(outcome.status.name(), "SQLITE_TOOBIG");
  EXPECT_EQ(outcome.status.message(),
            "the rows are larger than 64 MiB; give the statement a LIMIT");
  EXPECT_FALSE(IsPinned(app.config.database.path));
  EXPECT_EQ(Ask(*app.connection, "SELECT count(*) FROM t"), "1");
}

// [{"id":1,"v":"one"}] has 20 octets.
TEST(SqlPlan, FailsWhenTheRowsAreMoreThanASettingAllows) {
  TestApp app = AppOf("none", "steps = [\"read\"]\nrespond = \"rows\"");
  std::string rows;
  PlanRun run{{}, &rows, 0, nullptr, {20, "the.setting"}};
  EXPECT_EQ(app.plans->plan(0).Execute(run).kind, OutcomeKind::kCommitted);
  EXPECT_EQ(rows.size(), 20U);
  run.most.bytes = 19;
  const Outcome outcome = app.plans->plan(0).Execute(run);
  EXPECT_EQ(outcome.kind, OutcomeKind::kFailed);
  EXPECT_EQ(outcome.status.name(), "SQLITE_TOOBIG");
  EXPECT_EQ(outcome.status.message(),
            "the rows are larger than the.setting (19 bytes); give the statement a LIMIT");
}

TEST(SqlPlan, FailsWhenTheTableHasGone) {
  TestApp app = AppOf("none", "steps = [\"read\"]");
  Must(*app.connection, "DROP TABLE t");
  const Outcome outcome = Execute(app, BoundParam(), nullptr);
  EXPECT_EQ(outcome.kind, OutcomeKind::kFailed);
  EXPECT_EQ(outcome.status.message(), "the schema of the database has changed: no such table: t");
}

}  // namespace
}  // namespace sqlicorn
