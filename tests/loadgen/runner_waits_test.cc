// SPDX-License-Identifier: MIT
// What a run makes of a server that lets it wait, breaks off, or says too much.
#include <string>

#include <gtest/gtest.h>

#include "tests/loadgen/runner_fixture.h"

namespace sqlicorn::loadgen {
namespace {

TEST_F(RunnerTest, GivesARequestUpAfterTheTimeout) {
  options_.timeout = milliseconds(50);
  options_.run_time = milliseconds(230);
  scenario_.tasks = {PostUnique("/x")};
  ScriptedServer server(loop_, [](const auto&, auto) { return Reply(); });
  const RunResult result = Run(server);
  EXPECT_EQ(OnlyError(result),
            "ReadTimeout(ReadTimeoutError(\"HTTPConnectionPool(host='127.0.0.1', port=" +
                std::to_string(server.port()) + "): Read timed out. (read timeout=0.05)\"))");
  EXPECT_GE(result.stats.requests(), 2U);
  EXPECT_GE(connections_, result.stats.requests()) << "a connection is not used again";
  EXPECT_GE(result.stats.Aggregated().latency.min_us(), 49'000U);
  EXPECT_EQ(result.ledger.Count(Fate::kUnanswered), requests_.size());
  EXPECT_EQ(result.without_service_s, 0) << "it waited long enough";
}

TEST_F(RunnerTest, GivesUpOnlyWhoWaitsTooLong) {
  options_.timeout = milliseconds(300);
  options_.users = 2;
  options_.spawn_rate = 2;
  options_.run_time = milliseconds(700);
  ScriptedServer server(
      loop_, [](const auto&, std::size_t number) { return number == 0 ? Reply() : Ok(); });
  const RunResult result = Run(server);
  EXPECT_EQ(result.stats.failures(), 1U);
  EXPECT_GT(result.stats.requests(), 10U);
}

TEST_F(RunnerTest, TellsHowLongUsersPausedAfterBrokenConnections) {
  options_.users = 3;
  options_.spawn_rate = 3;
  options_.run_time = milliseconds(200);
  const std::string host = "http://127.0.0.1:" + std::to_string(testing::UnusedPort());
  const RunResult result = RunAt(host);
  EXPECT_GT(result.without_service_s, 0.3) << "of 0.6 s that three users had";
  EXPECT_LE(result.without_service_s, 3 * result.duration_s);
  EXPECT_LE(result.stats.requests(), 3 * 6U);
}

TEST_F(RunnerTest, PausesNoLongerThanAsked) {
  options_.longest_pause = Duration::zero();
  options_.run_time = milliseconds(200);
  const std::string host = "http://127.0.0.1:" + std::to_string(testing::UnusedPort());
  EXPECT_GE(RunAt(host).stats.requests(), 20U);
}

TEST_F(RunnerTest, HasTheLongestTimeWithoutAnAnswerUpToTheEnd) {
  options_.run_time = milliseconds(300);
  options_.stop_timeout = milliseconds(1);
  ScriptedServer server(
      loop_, [](const auto&, std::size_t number) { return number < 5 ? Ok() : Reply(); });
  const RunResult result = Run(server);
  EXPECT_EQ(result.stats.requests(), 5U);
  EXPECT_GE(result.stats.LongestGapSeconds(), 0.2);
  EXPECT_EQ(result.unanswered, 1U);
  EXPECT_LT(result.stats.PerSecond(5), 5 / 0.25) << "silence counts";
}

constexpr char kUnasked[] = "ProtocolError('The server sent more than the answer')";

TEST_F(RunnerTest, TakesMoreThanTheAnswerForAFailure) {
  const std::string ok = Ok().bytes;
  for (const std::string& bytes : {ok + ok, ok + "more"}) {
    EXPECT_EQ(OnlyError(RunUntil(2,
                                 [&](const auto&, auto) {
                                   return Reply{bytes, Reply::Then::kKeep};
                                 })),
              kUnasked);
  }
}

TEST_F(RunnerTest, TakesASecondAnswerDuringAPauseForAFailure) {
  scenario_.wait.least = milliseconds(200);
  ScriptedServer server(loop_, [this](const auto&, std::size_t number) {
    if (number == 1) {
      runner_->Stop();
    }
    return Ok();
  });
  Timer again(loop_, [&] { server.SendToAll(Ok().bytes); });
  again.Start(milliseconds(50));
  const RunResult result = Run(server);
  ASSERT_EQ(result.stats.errors().size(), 1U);
  EXPECT_EQ(result.stats.errors()[0].error, kUnasked);
  EXPECT_EQ(result.stats.failures(), 1U);
  EXPECT_EQ(result.stats.requests(), 3U);
  EXPECT_EQ(connections_, 2U);
}

}  // namespace
}  // namespace sqlicorn::loadgen
