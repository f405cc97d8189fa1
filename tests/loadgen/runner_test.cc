// SPDX-License-Identifier: MIT
#include "loadgen/runner.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "common/uv/timer.h"
#include "tests/support/scripted_server.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Ok;
using testing::Reply;
using testing::ScriptedServer;
using Fate = AckLedger::Fate;

constexpr Duration kDeadline = seconds(20);

TaskSpec Get(const std::string& path) {
  TaskSpec task;
  task.path = path;
  task.name = path;
  return task;
}

TaskSpec PostUnique(const std::string& path) {
  TaskSpec task = Get(path);
  task.method = "POST";
  task.body = std::string("name=Name+0+%23") + kUniqueMark;
  task.content_type = "application/x-www-form-urlencoded";
  task.unique = true;
  task.writes = true;
  return task;
}

// Runs a scenario of one task against a script until `stop_after` answers, or for a run time.
class RunnerTest : public ::testing::Test, public RunObserver {
 protected:
  RunnerTest() : deadline_(loop_, [this] { TimedOut(); }) {
    scenario_.tasks = {Get("/x")};
    options_.stop_timeout = seconds(5);
    options_.run_id = "0123abcd";
  }

  // One user; the run is stopped when the script is asked for request number `last`.
  RunResult RunUntil(std::size_t last, ScriptedServer::Script script) {
    ScriptedServer server(loop_, [&](const std::string& request, std::size_t number) {
      if (number == last) {
        runner_->Stop();
      }
      return script(request, number);
    });
    return Run(server);
  }

  RunResult Run(ScriptedServer& server) {
    options_.host = server.url();
    RunResult result = RunAt(options_.host);
    requests_ = server.requests();
    connections_ = server.connections();
    return result;
  }

  RunResult RunAt(const std::string& host) {
    options_.host = host;
    runner_ = std::make_unique<Runner>(loop_, scenario_, options_, this);
    deadline_.Start(kDeadline);
    EXPECT_TRUE(runner_->Start().ok());
    loop_.Run();
    deadline_.Stop();
    RunResult result = runner_->result();
    runner_.reset();
    return result;
  }

  void OnAllSpawned() override { ++all_spawned_; }

  void OnStatsReset() override { ++resets_; }

  void OnStopping(StopReason reason) override { reason_ = reason; }

  void OnFinished() override { loop_.Stop(); }

  void TimedOut() {
    ADD_FAILURE() << "the run did not end";
    loop_.Stop();
  }

  // The error of a run of which every request failed for the same reason.
  static std::string OnlyError(const RunResult& result) {
    EXPECT_EQ(result.stats.requests(), result.stats.failures());
    EXPECT_EQ(result.stats.errors().size(), 1u);
    return result.stats.errors().empty() ? "" : result.stats.errors()[0].error;
  }

  Loop loop_;
  Timer deadline_;
  Scenario scenario_;
  RunOptions options_;
  std::unique_ptr<Runner> runner_;
  std::vector<std::string> requests_;
  std::size_t connections_ = 0;
  StopReason reason_ = StopReason::kRunTime;
  int all_spawned_ = 0;
  int resets_ = 0;
};

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
  EXPECT_EQ(result.stats.requests(), requests_.size());
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

TEST_F(RunnerTest, CountsErrorStatusesInLocustsWords) {
  const auto unavailable = [](const auto&, auto) {
    return testing::Status("HTTP/1.1 503 Service Unavailable");
  };
  EXPECT_EQ(OnlyError(RunUntil(2, unavailable)),
            "HTTPError('503 Server Error: Service Unavailable for url: /x')");
  EXPECT_EQ(connections_, 1u);
}

struct Fault {
  std::string name;
  Reply reply;
  std::string error;
};

const std::vector<Fault>& Faults() {
  using Then = Reply::Then;
  static const std::vector<Fault> faults = {
      {"client error", testing::Status("HTTP/1.1 404 Not Found"),
       "HTTPError('404 Client Error: Not Found for url: /x')"},
      {"no reason", testing::Status("HTTP/1.1 500 "),
       "HTTPError('500 Server Error:  for url: /x')"},
      {"apostrophe", testing::Status("HTTP/1.1 418 I'm a teapot"),
       "HTTPError(\"418 Client Error: I'm a teapot for url: /x\")"},
      {"close",
       {"", Then::kClose},
       "RemoteDisconnected('Remote end closed connection without response')"},
      {"reset", {"", Then::kReset}, "ConnectionResetError(104, 'Connection reset by peer')"},
      {"truncated",
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789", Then::kClose},
       "ChunkedEncodingError(ProtocolError('Connection broken: IncompleteRead(10 bytes read, 90 "
       "more expected)', IncompleteRead(10 bytes read, 90 more expected)))"},
      {"truncated chunks",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", Then::kClose},
       "ChunkedEncodingError(ProtocolError(\"Connection broken: InvalidChunkLength(got length b'', "
       "0 bytes read)\", InvalidChunkLength(got length b'', 0 bytes read)))"},
      {"not HTTP",
       {"hello this is not http\r\n", Then::kKeep},
       "BadStatusLine('hello this is not http\\r\\n')"},
  };
  return faults;
}

TEST_F(RunnerTest, NamesEveryFaultAsLocustDoes) {
  for (const Fault& fault : Faults()) {
    EXPECT_EQ(OnlyError(RunUntil(2, [&](const auto&, auto) { return fault.reply; })), fault.error)
        << fault.name;
  }
}

TEST_F(RunnerTest, NamesAResetWithinTheAnswer) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789";
  ScriptedServer server(loop_, [&](const auto&, auto) {
    runner_->Stop();
    return Reply{head, Reply::Then::kKeep};
  });
  // Later, because a reset discards what has not been read.
  Timer breaker(loop_, [&] { server.ResetConnections(); });
  breaker.Start(milliseconds(50));
  EXPECT_EQ(OnlyError(Run(server)),
            "ChunkedEncodingError(ProtocolError(\"Connection broken: ConnectionResetError(104, "
            "'Connection reset by peer')\", ConnectionResetError(104, 'Connection reset by "
            "peer')))");
}

TEST_F(RunnerTest, GoesOnWhenNobodyListensButDoesNotSpin) {
  options_.run_time = milliseconds(200);
  const std::string host = "http://127.0.0.1:" + std::to_string(testing::UnusedPort());
  const RunResult result = RunAt(host);
  EXPECT_EQ(OnlyError(result), "ConnectionRefusedError(111, 'Connection refused')");
  EXPECT_GE(result.stats.requests(), 2u);
  EXPECT_LE(result.stats.requests(), 6u);  // after 0, 10, 30, 70 and 150 ms
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

TEST_F(RunnerTest, SendsAnIdOfItsOwnInEveryUniqueRequest) {
  scenario_.tasks = {PostUnique("/x")};
  RunUntil(19, [](const auto&, auto) { return Ok(); });
  const std::set<std::string> distinct(requests_.begin(), requests_.end());
  EXPECT_EQ(distinct.size(), 20u);
  const std::string body = "name=Name+0+%230123abcd-0000000001";
  EXPECT_EQ(requests_[0].substr(requests_[0].size() - body.size()), body);
}

TEST_F(RunnerTest, KeepsTheFateOfEveryWrite) {
  scenario_.tasks = {PostUnique("/x")};
  const RunResult result = RunUntil(4, [](const auto&, std::size_t number) {
    switch (number) {
      case 1:
        return testing::Status("HTTP/1.1 503 Service Unavailable");
      case 2:
        return Reply{"", Reply::Then::kReset};
      case 3:
        return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nOK", Reply::Then::kClose};
      default:
        return Ok();
    }
  });
  EXPECT_EQ(result.ledger.Ids(Fate::kAcknowledged), (std::vector<std::uint64_t>{1, 5}));
  EXPECT_EQ(result.ledger.Ids(Fate::kFailed), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(result.ledger.Ids(Fate::kUnanswered), (std::vector<std::uint64_t>{3, 4}));
}

TEST_F(RunnerTest, DoesNotTakeAUniqueReadForAWrite) {
  scenario_.tasks = {Get("/x?id=%23")};
  scenario_.tasks[0].path += kUniqueMark;
  scenario_.tasks[0].unique = true;
  const RunResult result = RunUntil(1, [](const auto&, auto) { return Ok(); });
  EXPECT_EQ(result.ledger.Count(Fate::kAcknowledged), 0u);
  EXPECT_EQ(result.ledger.Count(Fate::kNoWrite), 2u);
}

TEST_F(RunnerTest, LeavesTheWarmUpOutOfTheStatisticsButNotOutOfTheLedger) {
  scenario_.tasks = {PostUnique("/x")};
  options_.warmup = milliseconds(50);
  options_.run_time = milliseconds(50);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  EXPECT_EQ(resets_, 1);
  EXPECT_EQ(result.ledger.Count(Fate::kAcknowledged), requests_.size());
  EXPECT_LT(result.stats.requests(), requests_.size());
}

TEST_F(RunnerTest, ResetsTheStatisticsWhenAllUsersHaveStarted) {
  options_.users = 2;
  options_.spawn_rate = 2;
  options_.reset_stats = ResetStats::kWhenSpawned;
  RunUntil(5, [](const auto&, auto) { return Ok(); });
  EXPECT_EQ(resets_, 1);
}

TEST_F(RunnerTest, PausesBetweenRequestsWhereTheScenarioSaysSo) {
  scenario_.wait = milliseconds(20);
  options_.run_time = milliseconds(100);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  EXPECT_GE(result.stats.requests(), 2u);
  EXPECT_LE(result.stats.requests(), 6u);
}

TEST_F(RunnerTest, SurvivesAConnectionThatEndsDuringAPause) {
  scenario_.wait = milliseconds(300);
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

  for (const char* host : {"https://127.0.0.1", "127.0.0.1:8000", "http://no.such.name/"}) {
    RunOptions options;
    options.host = host;
    EXPECT_FALSE(Runner(loop, scenario, options, &quiet).Start().ok()) << host;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
