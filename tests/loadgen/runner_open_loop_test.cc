// SPDX-License-Identifier: MIT
// The open loop: requests are sent when they are due, not when an answer has come.
#include <gtest/gtest.h>

#include "tests/loadgen/runner_fixture.h"

namespace sqlicorn::loadgen {
namespace {

class OpenLoopTest : public RunnerTest {
 protected:
  OpenLoopTest() {
    options_.users = 20;
    options_.spawn_rate = 20;
    options_.run_time = milliseconds(500);
  }

  RunResult RunAtRate(const std::string& rate, ScriptedServer& server) {
    options_.rate = ParseRatePlan(rate).value();
    RunResult result = Run(server);
    EXPECT_TRUE(result.open_loop.has_value());
    return result;
  }
};

TEST_F(OpenLoopTest, SendsAtItsRateHoweverFastTheAnswersAre) {
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = RunAtRate("200", server);
  EXPECT_NEAR(static_cast<double>(requests_.size()), 100, 3);
  EXPECT_EQ(result.open_loop->sends, requests_.size());
  EXPECT_EQ(result.open_loop->never_sent, 0U);
  EXPECT_EQ(result.stats.failures(), 0U);
}

TEST_F(OpenLoopTest, FollowsSteps) {
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  RunAtRate("40:250ms,400:250ms", server);
  EXPECT_NEAR(static_cast<double>(requests_.size()), 110, 6);
}

// A closed loop would have one slow request of each user; here a fifth of all waited.
TEST_F(OpenLoopTest, HasTheTimeThatAStallTookFromEachRequestThatWasDueInIt) {
  options_.run_time = milliseconds(1000);
  options_.users = 2;
  options_.spawn_rate = 2;
  bool stalls = false;
  ScriptedServer server(loop_, [&](const auto&, auto) { return stalls ? Reply() : Ok(); });
  Timer stall(loop_, [&] { stalls = true; });
  Timer end(loop_, [&] {
    stalls = false;
    server.SendToAll(Ok().bytes);
  });
  stall.Start(milliseconds(300));
  end.Start(milliseconds(600));
  const RunResult result = RunAtRate("100", server);
  const Histogram latency = result.stats.Aggregated().latency;
  EXPECT_GE(latency.PercentileUs(90), 150'000) << "of 100 requests 30 were due in the stall";
  EXPECT_LE(latency.PercentileUs(50), 100'000);
  EXPECT_LE(result.open_loop->service.PercentileUs(90), 100'000) << "two users were served slowly";
  EXPECT_GE(result.open_loop->service.max_us(), 250'000U);
  EXPECT_GE(result.open_loop->waited, 20U);
  EXPECT_EQ(result.open_loop->never_sent, 0U);
}

TEST_F(OpenLoopTest, CountsWhatNoUserWasFreeToSend) {
  options_.users = 3;
  options_.spawn_rate = 3;
  options_.stop_timeout = milliseconds(1);
  ScriptedServer server(loop_, [](const auto&, auto) { return Reply(); });
  const RunResult result = RunAtRate("100", server);
  EXPECT_EQ(result.open_loop->sends, 3U);
  EXPECT_NEAR(static_cast<double>(result.open_loop->never_sent), 47, 2);
  EXPECT_EQ(result.unanswered, 3U);
  EXPECT_FALSE(Judge(result.facts).empty());
}

TEST_F(OpenLoopTest, ForgetsTheWarmUp) {
  options_.warmup = milliseconds(200);
  options_.run_time = milliseconds(200);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = RunAtRate("100", server);
  EXPECT_NEAR(static_cast<double>(requests_.size()), 40, 4);
  EXPECT_NEAR(static_cast<double>(result.open_loop->sends), 20, 3);
}

TEST_F(RunnerTest, HasNoOpenLoopWithoutARate) {
  EXPECT_FALSE(RunUntil(3, [](const auto&, auto) { return Ok(); }).open_loop.has_value());
}

// What comes while the reader is busy lies in the kernel until it reads.
TEST_F(RunnerTest, TellsHowLongAnswersLayUnread) {
  options_.lag_one_in = 1;
  options_.run_time = milliseconds(400);
  ScriptedServer server(loop_, [](const auto&, auto) { return Reply(); });
  Timer answer(loop_, [&] {
    server.SendToAll(Ok().bytes);
    const TimePoint until = Clock::now() + milliseconds(20);
    while (Clock::now() < until) {
    }
  });
  answer.Start(milliseconds(50), milliseconds(50));
  const RunResult result = Run(server);
  EXPECT_GE(result.stats.requests(), 3U);
  EXPECT_GE(result.lag.count(), result.stats.requests());
  EXPECT_GE(result.lag.PercentileUs(50), 19'000);
  EXPECT_LE(result.lag.PercentileUs(50), 45'000);
}

}  // namespace
}  // namespace sqlicorn::loadgen
