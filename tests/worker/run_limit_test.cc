// SPDX-License-Identifier: MIT
#include "worker/slice/run_limit.h"

#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

using End = RunLimit::End;

constexpr const char* kEndless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

TEST(RunLimit, EndsAtTheEarlierOfItsTimes) {
  const struct {
    RunLimit::Until until;
    std::int64_t now_us;
    End end;
  } cases[] = {
      {{}, 1000000000, End::kNone},
      {{.slice_us = 100}, 99, End::kNone},
      {{.slice_us = 100}, 100, End::kSlice},
      {{.deadline_us = 100}, 99, End::kNone},
      {{.deadline_us = 100}, 100, End::kTimeout},
      {{.slice_us = 100, .deadline_us = 200}, 150, End::kSlice},
      {{.slice_us = 100, .deadline_us = 200}, 200, End::kTimeout},
      {{.slice_us = 200, .deadline_us = 100}, 150, End::kTimeout},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(RunLimit::Judge(c.until, c.now_us), c.end) << c.now_us;
  }
}

TEST(RunLimit, OfNoSecondsIsNone) {
  EXPECT_EQ(TimeLimit{}.After(5), RunLimit::kNever);
  EXPECT_EQ((TimeLimit{1.5, "x"}.After(5)), 1500005);
}

TEST(RunLimit, NamesTheSettingThatEndsARun) {
  const Outcome outcome = TookTooLong({1.5, "database.statement_timeout"});
  EXPECT_EQ(outcome.kind, OutcomeKind::kTimedOut);
  EXPECT_TRUE(outcome.status.interrupted());
  EXPECT_EQ(outcome.status.message(),
            "interrupted: it took longer than database.statement_timeout (1.5 s)");
}

class LimitedConnection : public testing::Test {
 protected:
  LimitedConnection() { Must(*connection_, "CREATE TABLE t (v); INSERT INTO t VALUES (1)"); }

  End RunEndless(const RunLimit::Until& until) {
    limit_.Start(until);
    const SqlStatus status = connection_->Execute(kEndless);
    EXPECT_TRUE(status.interrupted()) << status.message();
    // Whatever undoes it must not be ended too.
    EXPECT_EQ(Ask(*connection_,
                  "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                  "SELECT i + 1 FROM n LIMIT 100000) SELECT i FROM n)"),
              "100000");
    return limit_.Stop();
  }

  TempDir directory_;
  std::unique_ptr<Connection> connection_ = OpenDatabase(directory_.File("t.db"));
  RunLimit limit_{*connection_};
};

TEST_F(LimitedConnection, EndsAStatementOnceAndTellsWhy) {
  EXPECT_EQ(RunEndless({.slice_us = MonotonicUs() + 1000}), End::kSlice);
  EXPECT_EQ(RunEndless({.deadline_us = MonotonicUs() + 1000}), End::kTimeout);
  EXPECT_EQ(limit_.Stop(), End::kNone);
}

// A read that is ended takes nothing with it that was done before in its transaction.
TEST_F(LimitedConnection, LeavesTheTransactionOfAReadAndUndoesThatOfAWrite) {
  Must(*connection_, "BEGIN; INSERT INTO t VALUES (2)");
  EXPECT_EQ(RunEndless({.slice_us = 0}), End::kSlice);
  EXPECT_TRUE(connection_->in_transaction());
  Must(*connection_, "COMMIT");
  Must(*connection_, "BEGIN; INSERT INTO t VALUES (3)");
  limit_.Start({.deadline_us = MonotonicUs() + 1000});
  EXPECT_TRUE(connection_
                  ->Execute("INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                            "FROM n) SELECT i FROM n")
                  .interrupted());
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(limit_.Stop(), End::kTimeout);
  EXPECT_EQ(Ask(*connection_, "SELECT group_concat(v) FROM t"), "1,2");
}

}  // namespace
}  // namespace sqlicorn
