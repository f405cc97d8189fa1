// SPDX-License-Identifier: MIT
#include "worker/http/connection_deadline.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using Doing = ConnectionFacts::Doing;
using Request = ConnectionFacts::Request;

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr ConnectionTimeouts kTimeouts{
    .head = seconds(10), .body = seconds(30), .keepalive = seconds(2), .body_rate = 500};

constexpr TimePoint At(int second) {
  return TimePoint(seconds(second));
}

struct Row {
  std::string_view what;
  ConnectionFacts facts;
  TimePoint at;
  Expiry expiry = Expiry::kClose;
};

std::vector<Row> Rows() {
  return {
      {"a new connection says nothing", {.fresh = true, .opened = At(100)}, At(110)},
      {"idle between requests", {.answered = At(100)}, At(102)},
      {"idle since it took its answer", {.answered = At(100), .drained = At(104)}, At(106)},
      {"the worker stops",
       {.answered = At(100), .told_to_stop = At(101)},
       At(101) + milliseconds(500)},
      {"the worker stops, soon over", {.answered = At(100), .told_to_stop = At(103)}, At(102)},
      {"the worker had stopped when it took its answer",
       {.answered = At(100), .drained = At(107), .told_to_stop = At(101)},
       At(107) + milliseconds(500)},
      {"rows are being made that leave meanwhile",
       {.doing = Doing::kStreaming, .head_began = At(100), .taken = At(100)},
       TimePoint::max()},
      {"the client has yet to take rows",
       {.doing = Doing::kStreaming, .unsent = true, .taken = At(120)},
       At(150)},
      {"a head begins",
       {.request = Request::kPartOfHead, .head_began = At(100), .heard = At(105)},
       At(110),
       Expiry::kAnswer408},
      {"a head waits behind answers that the client takes",
       {.request = Request::kPartOfHead, .unsent = true, .head_began = At(100), .taken = At(120)},
       At(150)},
      {"a head begins before the last answer is taken",
       {.request = Request::kPartOfHead, .head_began = At(100), .drained = At(120)},
       At(130),
       Expiry::kAnswer408},
      {"a body pauses",
       {.request = Request::kHead,
        .body_bytes = 100000,
        .head_began = At(99),
        .body_began = At(100),
        .heard = At(110)},
       At(140),
       Expiry::kAnswer408},
      {"a body is slower than the least rate",
       {.request = Request::kHead,
        .body_bytes = 1000,
        .head_began = At(99),
        .body_began = At(100),
        .heard = At(130)},
       At(132),
       Expiry::kAnswer408},
      {"a body behind answers that were taken late",
       {.request = Request::kHead, .body_began = At(100), .heard = At(100), .drained = At(200)},
       At(230),
       Expiry::kAnswer408},
      {"input waits for its slice",
       {.request = Request::kPartOfHead, .input_left = true},
       TimePoint::max()},
      {"a request waits for its turn",
       {.doing = Doing::kAnswering, .input_left = true},
       TimePoint::max()},
      {"an answer is not taken", {.input_left = true, .unsent = true, .taken = At(100)}, At(130)},
      {"the last answer is not taken",
       {.doing = Doing::kLingering, .unsent = true, .taken = At(100)},
       At(130)},
      {"the client has yet to close", {.doing = Doing::kLingering, .lingered = At(100)}, At(102)},
      {"the client took the last answer and has yet to close",
       {.doing = Doing::kLingering, .drained = At(120), .lingered = At(100)},
       At(122)},
  };
}

TEST(ConnectionDeadline, FollowsFromTheFacts) {
  for (const Row& row : Rows()) {
    const Deadline deadline = DeadlineOf(row.facts, kTimeouts);
    EXPECT_EQ(deadline.at, row.at) << row.what;
    EXPECT_EQ(deadline.expiry, row.expiry) << row.what;
  }
}

TEST(ConnectionDeadline, AsksForNoRateOfABodyWhenThatIsZero) {
  ConnectionTimeouts timeouts = kTimeouts;
  timeouts.body_rate = 0;
  const ConnectionFacts facts{.request = Request::kHead, .body_began = At(100), .heard = At(1000)};
  EXPECT_EQ(DeadlineOf(facts, timeouts).at, At(1030));
}

}  // namespace
}  // namespace sqlicorn
