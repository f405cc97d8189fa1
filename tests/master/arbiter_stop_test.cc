// SPDX-License-Identifier: MIT
#include <csignal>

#include <gtest/gtest.h>

#include "master/arbiter.h"
#include "tests/master/arbiter_bench.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::vector<int> kAll = {SIGTERM, SIGQUIT, SIGINT, SIGABRT};

// A server that serves with two workers and a checkpointer.
class ArbiterStop : public testing::Test {
 protected:
  ArbiterStop() {
    children().has_checkpointer = true;
    EXPECT_TRUE(bench_.RunUntilServing());
  }

  [[nodiscard]] PlayedChildren& children() { return bench_.children(); }

  [[nodiscard]] const std::vector<int>& SignalsOf(pid_t pid) {
    return children().Child(pid).signals;
  }

  [[nodiscard]] pid_t Checkpointer() { return children().Living(Role::kCheckpointer).front().pid; }

  // How long the server takes to stop from now.
  [[nodiscard]] Duration TimeToStop() {
    const TimePoint begun = bench_.now();
    EXPECT_TRUE(bench_.RunUntilStopped());
    EXPECT_TRUE(children().Living(Role::kWorker).empty());
    EXPECT_TRUE(children().Living(Role::kCheckpointer).empty());
    return bench_.now() - begun;
  }

  void LeaveLog() { children().has_log = true; }

  TempDir dir_;
  ServerConfig config_ = ArbiterBench::TwoWorkers(dir_);
  ArbiterBench bench_{config_};
};

TEST_F(ArbiterStop, TellsTheWorkersAndThenTheCheckpointer) {
  const auto workers = bench_.Workers();
  const pid_t checkpointer = Checkpointer();
  bench_.Step(SIGTERM);
  EXPECT_EQ(SignalsOf(workers[0]), std::vector<int>{SIGTERM});
  EXPECT_EQ(SignalsOf(workers[1]), std::vector<int>{SIGTERM});
  EXPECT_TRUE(SignalsOf(checkpointer).empty());
  EXPECT_LT(TimeToStop(), milliseconds(100));
  EXPECT_EQ(SignalsOf(checkpointer), std::vector<int>{SIGTERM});
  EXPECT_EQ(bench_.arbiter().exit_code(), ExitCode::kOk);
}

TEST_F(ArbiterStop, AbortsAndKillsWorkersThatDoNotGo) {
  children().conduct[Role::kWorker].deaf_to = kAll;
  const pid_t worker = bench_.Workers().front();
  bench_.Step(SIGTERM);
  EXPECT_EQ(TimeToStop(), seconds(3) + Shutdown::kGraceOfMaster + milliseconds(220));
  EXPECT_EQ(SignalsOf(worker), (std::vector<int>{SIGTERM, SIGABRT, SIGKILL}));
}

TEST_F(ArbiterStop, IsQuickWithInt) {
  children().conduct[Role::kWorker].deaf_to = kAll;
  const pid_t worker = bench_.Workers().front();
  bench_.Step(SIGINT);
  EXPECT_LT(TimeToStop(), milliseconds(800));
  EXPECT_EQ(SignalsOf(worker), (std::vector<int>{SIGQUIT, SIGABRT, SIGKILL}));
}

TEST_F(ArbiterStop, BecomesQuickWhenIntFollowsTerm) {
  children().conduct[Role::kWorker].deaf_to = kAll;
  bench_.Step(SIGTERM);
  bench_.Run(seconds(1));
  bench_.Step(SIGINT);
  LeaveLog();
  EXPECT_LT(TimeToStop(), milliseconds(800));
  EXPECT_EQ(children().CountStarted(Role::kLastClose), 0U);
}

TEST_F(ArbiterStop, StaysGracefulWhenTermComesAgain) {
  children().conduct[Role::kWorker].deaf_to = kAll;
  bench_.Step(SIGTERM);
  bench_.Run(seconds(2));
  bench_.Step(SIGTERM);
  EXPECT_LT(TimeToStop(), milliseconds(2300));
}

TEST_F(ArbiterStop, KillsACheckpointerThatDoesNotGo) {
  const pid_t checkpointer = Checkpointer();
  children().conduct[Role::kCheckpointer].deaf_to = kAll;
  bench_.Step(SIGTERM);
  const Duration time = TimeToStop();
  EXPECT_GE(time, seconds(5));
  EXPECT_LT(time, seconds(5) + milliseconds(100));
  EXPECT_EQ(SignalsOf(checkpointer), (std::vector<int>{SIGTERM, SIGKILL}));
}

TEST_F(ArbiterStop, GivesACheckpointerHalfASecondWhenItIsQuick) {
  children().conduct[Role::kCheckpointer].deaf_to = kAll;
  bench_.Step(SIGQUIT);
  EXPECT_LT(TimeToStop(), milliseconds(600));
}

TEST_F(ArbiterStop, ClosesADatabaseWhoseLogIsLeft) {
  LeaveLog();
  bench_.Step(SIGTERM);
  EXPECT_LT(TimeToStop(), milliseconds(200));
  EXPECT_EQ(children().CountStarted(Role::kLastClose), 1U);  // though the log is still there
}

TEST_F(ArbiterStop, KillsALastCloseThatHangs) {
  LeaveLog();
  children().conduct[Role::kLastClose] = {.done_after = std::nullopt, .deaf_to = kAll};
  bench_.Step(SIGTERM);
  const Duration time = TimeToStop();
  EXPECT_GE(time, seconds(5));
  EXPECT_LT(time, seconds(5) + milliseconds(200));
}

TEST_F(ArbiterStop, GoesOnWithoutALastCloseThatIsNotToBeHad) {
  LeaveLog();
  bench_.Step(SIGTERM);
  children().no_process_left = true;
  EXPECT_LT(TimeToStop(), milliseconds(200));
}

TEST_F(ArbiterStop, GivesUpAReloadThatPrepares) {
  children().conduct[Role::kPreparation].done_after = std::nullopt;
  bench_.Step(SIGHUP);
  const pid_t preparing = children().Living(Role::kPreparation).front().pid;
  bench_.Step(SIGTERM);
  EXPECT_EQ(SignalsOf(preparing), std::vector<int>{SIGKILL});
  EXPECT_LT(TimeToStop(), milliseconds(200));
  EXPECT_EQ(bench_.Status().generation, 1U);
  EXPECT_EQ(bench_.Status().counters.last_reload_error, "the server is stopping");
}

TEST_F(ArbiterStop, EndsTheWorkersOfBothGenerations) {
  children().conduct_of_generation[2] = {.done_after = std::nullopt};
  bench_.Step(SIGHUP);
  ASSERT_TRUE(bench_.RunUntil([this] { return bench_.Workers().size() == 4; }));
  bench_.Step(SIGTERM);
  EXPECT_LT(TimeToStop(), milliseconds(200));
  EXPECT_EQ(children().CountStarted(Role::kWorker), 4U);
}

TEST_F(ArbiterStop, StartsNobodyForAWorkerThatDiesMeanwhile) {
  children().conduct[Role::kWorker].deaf_to = kAll;
  bench_.Step(SIGTERM);
  children().End(bench_.Workers().front(), SIGSEGV);
  bench_.Run(seconds(1));
  EXPECT_EQ(bench_.Workers().size(), 1U);
  bench_.Step(SIGHUP);
  bench_.Step(SIGTTIN);
  bench_.Step(SIGUSR2);
  bench_.Run(seconds(1));
  EXPECT_EQ(children().CountStarted(Role::kWorker), 2U);
  EXPECT_EQ(children().CountStarted(Role::kSuccessor), 0U);
}

// A server that serves at a unix socket, as the first, the second or the only master.
class ArbiterUpgrade : public testing::Test {
 protected:
  ArbiterUpgrade() { config_.server.bind = {"unix:" + dir_.File("web.sock")}; }

  void Start(pid_t parent_master = 0) {
    bench_.emplace(config_, parent_master);
    bench_->children().parent = parent_master == 0 ? 1 : parent_master;
    EXPECT_TRUE(bench_->RunUntilServing());
  }

  [[nodiscard]] PlayedChildren& children() { return bench_->children(); }

  void LeaveLog() { children().has_log = true; }

  TempDir dir_;
  ServerConfig config_ = ArbiterBench::TwoWorkers(dir_);
  std::optional<ArbiterBench> bench_;
};

TEST_F(ArbiterUpgrade, StartsOneSecondMasterAtATime) {
  Start();
  bench_->Step(SIGUSR2);
  bench_->Step(SIGUSR2);
  EXPECT_EQ(children().CountStarted(Role::kSuccessor), 1U);
  EXPECT_EQ(bench_->Status().successor, children().Living(Role::kSuccessor).front().pid);
  children().End(bench_->Status().successor, SIGKILL);
  bench_->Step();
  EXPECT_EQ(bench_->Status().successor, 0);
  bench_->Step(SIGUSR2);
  EXPECT_EQ(children().CountStarted(Role::kSuccessor), 2U);
}

TEST_F(ArbiterUpgrade, ATermInItsMiddleLeavesSocketAndDatabaseToTheSecondMaster) {
  Start();
  LeaveLog();
  bench_->Step(SIGUSR2);
  bench_->Step(SIGTERM);
  ASSERT_TRUE(bench_->RunUntilStopped());
  EXPECT_TRUE(dir_.Has("web.sock"));
  EXPECT_EQ(children().CountStarted(Role::kLastClose), 0U);
  EXPECT_EQ(children().Living(Role::kSuccessor).size(), 1U);
  EXPECT_TRUE(children().Living(Role::kSuccessor).front().signals.empty());
}

TEST_F(ArbiterUpgrade, ATermAfterItFailedTakesTheSocketAway) {
  Start();
  LeaveLog();
  bench_->Step(SIGUSR2);
  children().End(bench_->Status().successor, ExitStatus(ExitCode::kError));
  bench_->Step(SIGTERM);
  ASSERT_TRUE(bench_->RunUntilStopped());
  EXPECT_FALSE(dir_.Has("web.sock"));
  EXPECT_EQ(children().CountStarted(Role::kLastClose), 1U);
}

TEST_F(ArbiterUpgrade, ASecondMasterStartsNoThirdBeforeItIsPromoted) {
  Start(4711);
  bench_->Step(SIGUSR2);
  EXPECT_EQ(children().CountStarted(Role::kSuccessor), 0U);
  children().parent = 1;
  bench_->Step();
  EXPECT_NE(bench_->Log().find("Master has been promoted."), std::string::npos);
  bench_->Step(SIGUSR2);
  EXPECT_EQ(children().CountStarted(Role::kSuccessor), 1U);
}

TEST_F(ArbiterUpgrade, ASecondMasterThatIsGivenUpLeavesTheSocketToTheFirst) {
  Start(4711);
  bench_->Step(SIGTERM);
  ASSERT_TRUE(bench_->RunUntilStopped());
  EXPECT_TRUE(dir_.Has("web.sock"));
}

TEST_F(ArbiterUpgrade, AReloadInItsMiddleBringsTheDismissedWorkersBack) {
  config_.server.daemon = true;
  Start();
  bench_->Step(SIGUSR2);
  bench_->Step(SIGWINCH);
  ASSERT_TRUE(bench_->RunUntilServing());
  EXPECT_TRUE(bench_->Workers().empty());
  bench_->Step(SIGHUP);
  ASSERT_TRUE(bench_->RunUntilServing());
  EXPECT_EQ(bench_->Workers().size(), 2U);
}

}  // namespace
}  // namespace sqlicorn
