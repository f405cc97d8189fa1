// SPDX-License-Identifier: MIT
// What one connection sends at once, and what it costs the others.
#include <gtest/gtest.h>

#include "tests/worker/connection_testing.h"

namespace sqlicorn {
namespace {

class FairShare : public ConnectionTest {
 protected:
  static std::string Many(std::string_view line, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text += RequestText(line);
    }
    return text;
  }
};

TEST_F(FairShare, LeavesTheLoopToOthersBetweenTheRequestsOfOneRead) {
  TestClient greedy = Connect();
  TestClient modest = Connect();
  const std::size_t sent = greedy.Send(Many("GET /write/?v=greedy", 2300));
  ASSERT_GT(sent, 400 * RequestText("GET /write/?v=greedy").size());
  modest.Send(RequestText("GET /write/?v=modest"));
  RunUntilReceived(modest, "200 OK");
  // The rows are in the order in which the requests were executed.
  EXPECT_LE(std::stoi(Ask(*app_.connection, "SELECT rowid FROM t WHERE v = 'modest'")), 200);
}

TEST_F(FairShare, ServesAllOfAGreedyClientInTheEnd) {
  TestClient greedy = Connect();
  const std::string text = Many("GET /echo/?v=x", 1000);
  std::size_t sent = 0;
  RunUntil([&] {
    sent += greedy.Send(std::string_view(text).substr(sent));
    return Count(greedy.Received(), "200 OK") == 1000;
  });
}

TEST_F(FairShare, ServesAHalfClosedGreedyClientToItsEnd) {
  TestClient greedy = Connect();
  ASSERT_EQ(greedy.Send(Many("GET /echo/?v=x", 200)), Many("GET /echo/?v=x", 200).size());
  greedy.HalfClose();
  RunUntil([&] { return greedy.Ended(); });
  EXPECT_EQ(Count(greedy.Received(), "200 OK"), 200U);
}

TEST_F(FairShare, ExecutesNothingForAClientThatCannotBeAnswered) {
  TestClient client = Connect();
  const std::size_t sent = client.Send(Many("GET /write/?v=x", 2300));
  ASSERT_GT(sent, 400 * RequestText("GET /write/?v=x").size());
  client.Reset();
  RunUntil([&] { return connections_.size() == 0; });
  // One slice was begun before the reset was met.
  EXPECT_LE(app_.slot.requests, SliceQueue::kSliceRequests);
}

TEST_F(FairShare, KeepsAConnectionWhoseNextHeadWaitsBehindALongAnswer) {
  TestClient client = Connect();
  client.Send(RequestText("GET /long/") + "GET /echo/");
  Settle();
  RunUntilReceived(client, "\"}]");
  Settle();
  SweepAfter(Duration::zero());
  ASSERT_EQ(connections_.size(), 1U);
  client.Send("?v=next HTTP/1.1\r\nHost: h\r\n\r\n");
  RunUntilReceived(client, "\"v\":\"next\"");
}

TEST_F(FairShare, GivesAHeadItsTimeFromTheEndOfTheAnswerBefore) {
  app_.config.server.header_timeout = 1;
  TestClient client = Connect();
  client.Send(Many("GET /pad/?v=x", 20) + "GET /echo/");  // less than what stops the reading
  const TimePoint late = Clock::now() + milliseconds(1100);
  RunUntil([&] { return Clock::now() > late; });
  RunUntil([&] { return Count(client.Received(), "200 OK") == 20; });
  SweepAfter(Duration::zero());
  ASSERT_EQ(connections_.size(), 1U);
  client.Send("?v=next HTTP/1.1\r\nHost: h\r\n\r\n");
  RunUntilReceived(client, "\"v\":\"next\"");
}

}  // namespace
}  // namespace sqlicorn
