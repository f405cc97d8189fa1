// SPDX-License-Identifier: MIT
#include "worker/answer/sql_problem.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using enum OutcomeKind;

constexpr int kError = 1;
constexpr int kMismatch = 20;

int Constraint(int kind) {
  return 19 | kind << 8;
}

TEST(SqlProblem, KnowsTheStatusOfEachOutcome) {
  struct Row {
    Outcome outcome;
    int status;
  };

  const Row rows[] = {
      {{kBusy, SqlStatus(5, "database is locked")}, 429},
      {{kNoTurn, SqlStatus(5, "no turn")}, 429},
      {{kRejected, SqlStatus(19, "UNIQUE constraint failed")}, 409},
      {{kRejected, SqlStatus(Constraint(7), "not so")}, 422},
      {{kRejected, SqlStatus(Constraint(12), "cannot store TEXT value in INTEGER column t.a")},
       400},
      {{kBadValue, SqlStatus(kError, "malformed JSON")}, 400},
      {{kBadValue, SqlStatus(kMismatch, "datatype mismatch")}, 400},
      {{kTimedOut, SqlStatus(9, "interrupted")}, 504},
      {{kFailed, SqlStatus(kError, "integer overflow")}, 500},
      {{kFailed, SqlStatus(10, "disk I/O error")}, 503},
      {{kFailed, SqlStatus(13, "database or disk is full")}, 503},
      {{kFailed, SqlStatus::Outdated("no such table: t")}, 503},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(ExplainToClient(row.outcome, {.busy = 429, .raise = 422}).status, row.status)
        << row.outcome.status.message();
    EXPECT_EQ(row.outcome.locked(), row.status == 429);
  }
}

struct Told {
  OutcomeKind kind;
  int code;
  const char* message;
  const char* detail;
  const char* constraint = "";
};

class ToldToClients : public testing::TestWithParam<Told> {};

TEST_P(ToldToClients, AreTheWordsThatHoldNoSql) {
  const Told& told = GetParam();
  const SqlProblem problem =
      ExplainToClient({told.kind, SqlStatus(told.code, told.message)}, ChosenStatuses());
  EXPECT_EQ(problem.detail, told.detail);
  EXPECT_EQ(problem.constraint, told.constraint);
}

INSTANTIATE_TEST_SUITE_P(
    Constraints, ToldToClients,
    testing::Values(Told{kRejected, Constraint(8), "UNIQUE constraint failed: t.v",
                         "UNIQUE constraint failed: t.v (SQLITE_CONSTRAINT_UNIQUE)", "t.v"},
                    Told{kRejected, Constraint(8), "UNIQUE constraint failed: t.a, t.b",
                         "UNIQUE constraint failed: t.a, t.b (SQLITE_CONSTRAINT_UNIQUE)",
                         "t.a, t.b"},
                    Told{kRejected, Constraint(8), "UNIQUE constraint failed: index 'lower_v'",
                         "UNIQUE constraint failed: index 'lower_v' (SQLITE_CONSTRAINT_UNIQUE)",
                         "lower_v"},
                    Told{kRejected, Constraint(6), "UNIQUE constraint failed: t.id",
                         "UNIQUE constraint failed: t.id (SQLITE_CONSTRAINT_PRIMARYKEY)", "t.id"},
                    Told{kRejected, Constraint(5), "NOT NULL constraint failed: t.v",
                         "NOT NULL constraint failed: t.v (SQLITE_CONSTRAINT_NOTNULL)", "t.v"},
                    Told{kRejected, Constraint(1), "CHECK constraint failed: positive",
                         "CHECK constraint failed: positive (SQLITE_CONSTRAINT_CHECK)", "positive"},
                    Told{kRejected, Constraint(1), "CHECK constraint failed: n > 0",
                         "CHECK constraint failed (SQLITE_CONSTRAINT_CHECK)"},
                    Told{kRejected, Constraint(3), "FOREIGN KEY constraint failed",
                         "FOREIGN KEY constraint failed (SQLITE_CONSTRAINT_FOREIGNKEY)"},
                    Told{kRejected, Constraint(7), "closed: issues are final",
                         "closed: issues are final (SQLITE_CONSTRAINT_TRIGGER)"}));

INSTANTIATE_TEST_SUITE_P(
    Values, ToldToClients,
    testing::Values(
        Told{kBadValue, kError, "fts5: syntax error near \"AND\"",
             "the full-text query is malformed: fts5: syntax error near \"AND\" (SQLITE_ERROR)"},
        Told{kBadValue, kError, "unterminated string",
             "the full-text query is malformed: unterminated string (SQLITE_ERROR)"},
        Told{kBadValue, kError, "unknown special query: x",
             "the full-text query is malformed: unknown special query: x (SQLITE_ERROR)"},
        Told{kBadValue, kError, "no such column: nope",
             "the full-text query is malformed: no such column: nope (SQLITE_ERROR)"},
        Told{kBadValue, kError, "malformed MATCH expression: [(]",
             "the full-text query is malformed: malformed MATCH expression: [(] (SQLITE_ERROR)"},
        Told{kBadValue, kError, "malformed JSON", "malformed JSON (SQLITE_ERROR)"},
        Told{kBadValue, kError, "bad JSON path: 'x'", "bad JSON path: 'x' (SQLITE_ERROR)"},
        Told{kBadValue, kError, "JSON path error near 'x'",
             "JSON path error near 'x' (SQLITE_ERROR)"},
        Told{kBadValue, kError, "something with SELECT in it",
             "a value of the request cannot be used (SQLITE_ERROR)"},
        Told{kBadValue, kMismatch, "datatype mismatch", "datatype mismatch (SQLITE_MISMATCH)"},
        Told{kBadValue, 18, "string or blob too big", "string or blob too big (SQLITE_TOOBIG)"}));

INSTANTIATE_TEST_SUITE_P(
    Failures, ToldToClients,
    testing::Values(
        Told{kFailed, kError, "near \"FROM t\": syntax error",
             "the statements of this endpoint failed; the error log says why (SQLITE_ERROR)"},
        Told{kFailed, 17, "the schema of the database has changed: no such table: secret",
             "the schema of the database has changed (SQLITE_SCHEMA)"},
        Told{kFailed, 13, "database or disk is full", "database or disk is full (SQLITE_FULL)"},
        Told{kBusy, 5, "database is locked", "database is locked (SQLITE_BUSY)"}));

}  // namespace
}  // namespace sqlicorn
