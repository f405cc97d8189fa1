// SPDX-License-Identifier: MIT
// What a run makes of a server that lets it wait, breaks off, or says too much.
#include <sys/socket.h>

#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
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

// As a generator that is stopped (SIGSTOP) while the answer comes, until after the end.
TEST_F(RunnerTest, HasItsOwnStallAcrossTheEndInTheMaximum) {
  options_.run_time = milliseconds(200);
  ScriptedServer server(
      loop_, [](const auto&, std::size_t number) { return number == 0 ? Reply() : Ok(); });
  Timer stall(loop_, [&] {
    server.SendToAll(Ok().bytes);
    std::this_thread::sleep_for(milliseconds(400));
  });
  stall.Start(milliseconds(100));
  const RunResult result = Run(server);
  EXPECT_GE(result.stats.Aggregated().latency.max_us(), 390'000U);
  EXPECT_GE(result.duration_s, 0.49) << "its time is that of the window";
}

// What is there when the connection is made can be no answer to what was not yet asked.
TEST_F(RunnerTest, TakesAnAnswerBeforeTheQuestionForAFailure) {
  options_.run_time = milliseconds(100);
  options_.stop_timeout = milliseconds(1);
  const SocketAddress any = SocketAddress::Ip("127.0.0.1", 0).value();
  const UniqueFd listener(socket(any.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(bind(listener.get(), any.raw(), any.length()), 0);
  ASSERT_EQ(listen(listener.get(), 8), 0);
  Timer accept_first(loop_, [&] {
    const UniqueFd peer(accept(listener.get(), nullptr, nullptr));
    const std::string answer = Ok().bytes;
    EXPECT_EQ(send(peer.get(), answer.data(), answer.size(), 0), ssize_t(answer.size()));
  });
  accept_first.Start(Duration::zero());
  const RunResult result =
      RunAt("http://127.0.0.1:" + std::to_string(SocketAddress::LocalOf(listener.get()).port()));
  ASSERT_EQ(result.stats.errors().size(), 1U);
  EXPECT_EQ(result.stats.errors()[0].error, kUnasked);
}

}  // namespace
}  // namespace sqlicorn::loadgen
