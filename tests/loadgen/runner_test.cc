// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/loadgen/runner_fixture.h"

namespace sqlicorn::loadgen {
namespace {

TEST_F(RunnerTest, SendsRequestAfterRequestOverOneConnection) {
  const RunResult result = RunUntil(9, [](const auto&, auto) { return Ok(); });
  EXPECT_EQ(result.stats.requests(), 10u);
  EXPECT_EQ(result.stats.failures(), 0u);
  EXPECT_EQ(connections_, 1u);
  EXPECT_EQ(result.stats.Aggregated().body_bytes, 20u);
  EXPECT_TRUE(result.interrupted);
}

TEST_F(RunnerTest, WritesPlainRequests) {
  RunUntil(0, [](const auto&, auto) { return Ok(); });
  EXPECT_EQ(requests_.at(0).substr(0, 17), "GET /x HTTP/1.1\r\n");
  EXPECT_NE(requests_.at(0).find("\r\nHost: 127.0.0.1:"), std::string::npos);
}

TEST_F(RunnerTest, EndsAfterItsRunTime) {
  options_.run_time = milliseconds(50);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(reason_, StopReason::kRunTime);
  EXPECT_EQ(result.stats.requests() + result.late.requests, requests_.size());
  EXPECT_GE(result.duration_s, 0.04);
}

TEST_F(RunnerTest, StartsUsersAlongTheRamp) {
  options_.users = 5;
  options_.spawn_rate = 100;
  options_.run_time = milliseconds(30);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  Run(server);
  EXPECT_EQ(connections_, 5u);
  EXPECT_EQ(all_spawned_, 1);
}

TEST_F(RunnerTest, ReconnectsWhereTheServerCloses) {
  const RunResult result = RunUntil(4, [](const auto&, auto) {
    return Reply{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nOK",
                 Reply::Then::kClose};
  });
  EXPECT_EQ(result.stats.failures(), 0u);
  EXPECT_EQ(connections_, 5u);
}

TEST_F(RunnerTest, TakesABodyThatEndsWithTheConnection) {
  const RunResult result = RunUntil(1, [](const auto&, auto) {
    return Reply{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end", Reply::Then::kClose};
  });
  EXPECT_EQ(result.stats.failures(), 0u);
  EXPECT_EQ(result.stats.Aggregated().body_bytes, 26u);
}

TEST_F(RunnerTest, WaitsForOpenRequestsAtTheEnd) {
  ScriptedServer server(loop_, [&](const auto&, auto) {
    runner_->Stop();
    return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nO", Reply::Then::kKeep};
  });
  Timer rest(loop_, [&] { server.SendToAll("K"); });
  rest.Start(milliseconds(50));
  const RunResult result = Run(server);
  EXPECT_EQ(result.stats.requests(), 1u);
  EXPECT_EQ(result.stats.failures(), 0u);
  EXPECT_EQ(result.unanswered, 0u);
  EXPECT_GE(result.stats.Aggregated().latency.max_us(), 40'000u);
}

TEST_F(RunnerTest, GivesOpenRequestsUpAfterTheStopTimeout) {
  options_.stop_timeout = milliseconds(20);
  options_.users = 3;
  options_.spawn_rate = 3;
  scenario_.tasks = {PostUnique("/x")};
  const RunResult result = RunUntil(2, [](const auto&, auto) { return Reply(); });
  EXPECT_EQ(result.stats.requests(), 0u);
  EXPECT_EQ(result.unanswered, 3u);
  EXPECT_EQ(result.ledger.Ids(Fate::kUnanswered), (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(RunnerTest, GivesOpenRequestsUpOnTheSecondStop) {
  options_.stop_timeout = seconds(60);
  const RunResult result = RunUntil(0, [this](const auto&, auto) {
    runner_->Stop();
    return Reply();
  });
  EXPECT_EQ(result.unanswered, 1u);
}

TEST_F(RunnerTest, LeavesTheWarmUpOutOfTheStatisticsButNotOutOfTheLedger) {
  scenario_.tasks = {PostUnique("/x")};
  options_.warmup = milliseconds(50);
  options_.run_time = milliseconds(50);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  EXPECT_EQ(resets_, 1);
  EXPECT_EQ(result.ledger.Count(Fate::kAcknowledged), requests_.size());
  EXPECT_LT(result.stats.requests() + result.late.requests, requests_.size());
}

// Answers to all open requests at a time, on which no window edge need fall.
class BeatTest : public RunnerTest {
 protected:
  RunResult RunOnTheBeat() {
    ScriptedServer server(loop_, [](const auto&, auto) { return Reply(); });
    Timer beat(loop_, [&] { server.SendToAll(Ok().bytes); });
    beat.Start(milliseconds(100), milliseconds(100));
    options_.users = 4;
    options_.spawn_rate = 4;
    return Run(server);
  }
};

TEST_F(BeatTest, CountsWhatWasOpenWhenTheStatisticsWereReset) {
  options_.reset_stats = ResetStats::kWhenSpawned;
  options_.run_time = milliseconds(450);
  const RunResult result = RunOnTheBeat();
  EXPECT_EQ(result.stats.requests() + result.late.requests, requests_.size());
  EXPECT_EQ(result.late.requests, 4U);
  EXPECT_EQ(result.late.failures, 0U);
  EXPECT_NEAR(result.stats.PerSecond(result.stats.requests()), 40, 5);
  EXPECT_GE(result.duration_s, 0.44);
  EXPECT_LT(result.stats.ElapsedSeconds(), result.duration_s);
}

TEST_F(BeatTest, CountsWhatWasOpenAtTheEndOfTheWarmUp) {
  options_.warmup = milliseconds(150);
  options_.run_time = milliseconds(200);
  const RunResult result = RunOnTheBeat();
  EXPECT_EQ(result.stats.requests() + result.late.requests + 4, requests_.size());
  EXPECT_EQ(result.late.requests, 4U);
}

TEST_F(RunnerTest, HasAStallThatBeganInTheWarmUpInItsMaximum) {
  options_.warmup = milliseconds(50);
  options_.run_time = milliseconds(200);
  ScriptedServer server(loop_, [](const auto&, auto) { return Reply(); });
  Timer answer(loop_, [&] { server.SendToAll(Ok().bytes); });
  answer.Start(milliseconds(150));
  options_.stop_timeout = milliseconds(1);
  const RunResult result = Run(server);
  EXPECT_EQ(result.stats.requests(), 1U);
  EXPECT_GE(result.stats.Aggregated().latency.max_us(), 140'000U);
}

TEST_F(RunnerTest, ResetsTheStatisticsWhenAllUsersHaveStarted) {
  options_.users = 2;
  options_.spawn_rate = 2;
  options_.reset_stats = ResetStats::kWhenSpawned;
  RunUntil(5, [](const auto&, auto) { return Ok(); });
  EXPECT_EQ(resets_, 1);
}

TEST_F(RunnerTest, PausesBetweenRequestsWhereTheScenarioSaysSo) {
  scenario_.wait.least = milliseconds(20);
  options_.run_time = milliseconds(100);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  EXPECT_GE(result.stats.requests(), 2u);
  EXPECT_LE(result.stats.requests(), 6u);
}

TEST_F(RunnerTest, SurvivesAConnectionThatEndsDuringAPause) {
  scenario_.wait.least = milliseconds(300);
  ScriptedServer server(loop_, [this](const auto&, std::size_t number) {
    if (number == 1) {
      runner_->Stop();
    }
    return Ok();
  });
  Timer closer(loop_, [&] { server.CloseConnections(); });
  closer.Start(milliseconds(20));
  const RunResult result = Run(server);
  EXPECT_EQ(result.stats.failures(), 0u);
  EXPECT_EQ(result.stats.requests(), 2u);
  EXPECT_EQ(connections_, 2u);
}

TEST_F(RunnerTest, RepeatsItsDrawsForTheSameSeed) {
  scenario_.tasks = {Get("/a"), Get("/b"), Get("/c")};
  options_.seed = 7;
  RunUntil(29, [](const auto&, auto) { return Ok(); });
  std::vector<std::string> first;
  for (const std::string& request : requests_) {
    first.push_back(request.substr(0, 6));
  }
  RunUntil(29, [](const auto&, auto) { return Ok(); });
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(requests_.at(i).substr(0, 6), first[i]);
  }
}

TEST_F(RunnerTest, PutsThePathOfTheHostBeforeTheTasks) {
  ScriptedServer server(loop_, [this](const auto&, auto) {
    runner_->Stop();
    return Ok();
  });
  RunAt(server.url() + "/api/");
  EXPECT_EQ(server.requests().at(0).substr(0, 11), "GET /api/x ");
}

TEST(Runner, RefusesAHostItCannotReach) {
  Loop loop;
  Scenario scenario;
  scenario.tasks = {Get("/x")};

  struct Quiet final : RunObserver {
    void OnFinished() override {}
  } quiet;

  for (const char* host : {"https://127.0.0.1", "localhost", "http://no.such.name.invalid/"}) {
    RunOptions options;
    options.host = host;
    EXPECT_FALSE(Runner(loop, scenario, options, &quiet).Start().ok()) << host;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
