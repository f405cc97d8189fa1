// SPDX-License-Identifier: MIT
#include "worker/request/reply_maker.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using enum OutcomeKind;

TEST(ReplyMaker, KnowsTheStatusOfEachOutcome) {
  struct Row {
    Outcome outcome;
    int status;
  };

  const Row rows[] = {
      {{}, 200},
      {{kBusy, SqlStatus(5, "database is locked")}, 429},
      {{kNoTurn, SqlStatus(5, "no turn")}, 429},
      {{kRejected, SqlStatus(19, "UNIQUE constraint failed")}, 409},
      {{kBadValue, SqlStatus(1, "malformed JSON")}, 400},
      {{kTimedOut, SqlStatus(9, "interrupted")}, 504},
      {{kFailed, SqlStatus(1, "integer overflow")}, 500},
      {{kFailed, SqlStatus(10, "disk I/O error")}, 503},
      {{kFailed, SqlStatus(13, "database or disk is full")}, 503},
      {{kFailed, SqlStatus::Outdated("no such table: t")}, 503},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(StatusOf(row.outcome, 429), row.status) << row.outcome.status.message();
    EXPECT_EQ(row.outcome.locked(), row.status == 429);
  }
}

TEST(ReplyMaker, SpeaksOfErrorsInTheFormOfTheEndpoint) {
  Reply reply;
  reply.body = "[{\"half\":";
  FillError(reply, Respond::kRows, "a \"quote\"");
  EXPECT_EQ(reply.body, "{\"error\":\"a \\\"quote\\\"\"}\n");
  EXPECT_EQ(reply.content_type, "application/json");
  Reply plain;
  FillError(plain, Respond::kOk, "no");
  EXPECT_EQ(plain.body, "no\n");
  EXPECT_EQ(plain.content_type, Reply().content_type);
}

}  // namespace
}  // namespace sqlicorn
