// SPDX-License-Identifier: MIT
#include "master/arbiter.h"

#include <csignal>

#include <gtest/gtest.h>

#include "tests/master/arbiter_bench.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ArbiterTurns : public testing::Test {
 protected:
  ArbiterBench& Bench() {
    if (!bench_) {
      bench_.emplace(config_);
    }
    return *bench_;
  }

  [[nodiscard]] PlayedChildren& Children() { return Bench().children(); }

  [[nodiscard]] std::vector<int> SignalsOf(pid_t pid) { return Children().Child(pid).signals; }

  TempDir dir_;
  ServerConfig config_ = ArbiterBench::TwoWorkers(dir_);

 private:
  std::optional<ArbiterBench> bench_;
};

TEST_F(ArbiterTurns, TheFirstStartsAllWorkersEachInASlotOfItsOwn) {
  Bench().Step();
  const auto workers = Children().Living(Role::kWorker);
  ASSERT_EQ(workers.size(), 2U);
  EXPECT_NE(workers[0].slot, workers[1].slot);
  EXPECT_EQ(Bench().CountServing(), 0U);
  ASSERT_TRUE(Bench().RunUntilServing());
  EXPECT_EQ(Children().CountStarted(Role::kWorker), 2U);
}

TEST_F(ArbiterTurns, AWorkerThatWasKilledIsReplacedAtOnce) {
  ASSERT_TRUE(Bench().RunUntilServing());
  Bench().Run(seconds(1));
  Children().End(Bench().Workers().front(), SIGKILL);
  Bench().Step();
  EXPECT_EQ(Bench().Workers().size(), 2U);
  EXPECT_TRUE(Bench().RunUntilServing());
  EXPECT_EQ(Bench().Status().counters.crashed, 1U);
}

TEST_F(ArbiterTurns, AWorkerThatDiesYoungByItsOwnFaultDelaysTheNext) {
  ASSERT_TRUE(Bench().RunUntilServing());
  Children().End(Bench().Workers().front(), SIGSEGV);
  Bench().Step();
  EXPECT_EQ(Bench().Workers().size(), 1U);
  EXPECT_EQ(Bench().arbiter().next_deadline(), Bench().now() + milliseconds(100));
  Bench().Run(milliseconds(90));
  EXPECT_EQ(Bench().Workers().size(), 1U);
  Bench().Step();
  EXPECT_EQ(Bench().Workers().size(), 2U);
}

TEST_F(ArbiterTurns, AWorkerThatHangsIsAbortedThenKilledThenReplaced) {
  ASSERT_TRUE(Bench().RunUntilServing());
  const pid_t hung = Bench().Workers().front();
  Children().conduct_of_generation[1] = {.deaf_to = {SIGABRT}, .silent = true};
  ASSERT_TRUE(Bench().RunUntil([&] { return !SignalsOf(hung).empty(); }));
  EXPECT_EQ(SignalsOf(hung), std::vector<int>{SIGABRT});
  EXPECT_EQ(Bench().CountServing(), 0U);
  Children().conduct_of_generation.clear();
  Children().conduct[Role::kWorker].deaf_to = {SIGABRT};
  ASSERT_TRUE(Bench().RunUntil([&] { return SignalsOf(hung).size() == 2; }));
  EXPECT_EQ(SignalsOf(hung), (std::vector<int>{SIGABRT, SIGKILL}));
  EXPECT_TRUE(Bench().RunUntilServing());
  EXPECT_NE(Bench().Log().find("WORKER TIMEOUT"), std::string::npos);
}

// The master was stopped too, as in a paused container.
TEST_F(ArbiterTurns, NobodyHangsWhoWasStoppedTogetherWithTheMaster) {
  ASSERT_TRUE(Bench().RunUntilServing());
  const auto workers = Bench().Workers();
  Bench().Pause(std::chrono::hours(1));
  Bench().arbiter().Turn(Bench().now(), std::nullopt);  // before any of them can give a sign
  Bench().Run(seconds(10));
  EXPECT_EQ(Bench().Workers(), workers);
  EXPECT_TRUE(SignalsOf(workers.front()).empty());
}

TEST_F(ArbiterTurns, ANumberOfWorkersGrowsAndShrinksButNeverBelowOne) {
  ASSERT_TRUE(Bench().RunUntilServing());
  const pid_t oldest = Bench().Workers().front();
  Bench().Step(SIGTTIN);
  ASSERT_TRUE(Bench().RunUntilServing());
  EXPECT_EQ(Bench().Workers().size(), 3U);
  for (int i = 0; i < 5; ++i) {
    Bench().Step(SIGTTOU);
  }
  ASSERT_TRUE(Bench().RunUntilServing());
  EXPECT_EQ(Bench().Workers().size(), 1U);
  EXPECT_EQ(SignalsOf(oldest), std::vector<int>{SIGTERM});
}

TEST_F(ArbiterTurns, ANumberOfWorkersStopsGrowingWhereTheSlotsEnd) {
  const std::size_t room = Bench().Status().room;
  for (std::size_t i = 0; i < room + 5; ++i) {
    Bench().Step(SIGTTIN);
  }
  ASSERT_TRUE(Bench().RunUntilServing());
  EXPECT_EQ(Bench().Workers().size(), room);
}

TEST_F(ArbiterTurns, AServerWhoseWorkersCannotStartEndsWithTheirCode) {
  for (const ExitCode code : {ExitCode::kWorkerBoot, ExitCode::kAppLoad}) {
    ArbiterBench bench(config_);
    bench.children().conduct[Role::kWorker].end_status = ExitStatus(code);
    ASSERT_TRUE(bench.RunUntilStopped());
    EXPECT_EQ(bench.arbiter().exit_code(), code);
    EXPECT_TRUE(bench.Workers().empty());
  }
}

TEST_F(ArbiterTurns, OneUnluckyWorkerDoesNotEndAServerWhoseOtherWorkersServe) {
  ASSERT_TRUE(Bench().RunUntilServing());
  Children().conduct[Role::kWorker].done_after = std::nullopt;
  Bench().Step(SIGTTIN);
  Bench().Step();
  Children().End(Bench().Workers().back(), ExitStatus(ExitCode::kWorkerBoot));
  Children().conduct.clear();
  EXPECT_TRUE(Bench().RunUntilServing());
  EXPECT_EQ(Bench().Workers().size(), 3U);
}

TEST_F(ArbiterTurns, WorkersThatHangHaveShownThatOneCanStart) {
  ASSERT_TRUE(Bench().RunUntilServing());
  Children().conduct[Role::kWorker].done_after = std::nullopt;  // and so they beat no more
  ASSERT_TRUE(Bench().RunUntil([this] { return Bench().CountServing() == 0; }));
  Bench().Step(SIGTTIN);
  ASSERT_EQ(Bench().Workers().size(), 3U);
  Children().End(Bench().Workers().back(), ExitStatus(ExitCode::kWorkerBoot));
  Bench().Step();
  EXPECT_EQ(Bench().Status().phase, ServerStatus::Phase::kRunning);
  Children().conduct.clear();
  EXPECT_TRUE(Bench().RunUntilServing());
}

TEST_F(ArbiterTurns, AProcessThatIsNotToBeHadIsTriedForAgain) {
  Children().no_process_left = true;
  Bench().Run(seconds(1));
  EXPECT_TRUE(Bench().Workers().empty());
  Children().no_process_left = false;
  EXPECT_TRUE(Bench().RunUntilServing());
}

TEST_F(ArbiterTurns, ALogIsOpenedAgainByEveryone) {
  Children().has_checkpointer = true;
  ASSERT_TRUE(Bench().RunUntilServing());
  Bench().Step(SIGUSR1);
  EXPECT_EQ(SignalsOf(Bench().Workers().front()), std::vector<int>{SIGUSR1});
  EXPECT_EQ(Children().Living(Role::kCheckpointer).front().signals, std::vector<int>{SIGUSR1});
}

TEST_F(ArbiterTurns, ACheckpointerThatFailsIsReplacedAfterAPause) {
  Children().has_checkpointer = true;
  ASSERT_TRUE(Bench().RunUntilServing());
  Children().End(Children().Living(Role::kCheckpointer).front().pid, SIGSEGV);
  Bench().Step();
  EXPECT_TRUE(Children().Living(Role::kCheckpointer).empty());
  Bench().Run(milliseconds(150));
  EXPECT_EQ(Children().Living(Role::kCheckpointer).size(), 1U);
}

TEST_F(ArbiterTurns, ACheckpointerThatHangsIsKilledAndReplaced) {
  Children().has_checkpointer = true;
  ASSERT_TRUE(Bench().RunUntilServing());
  const pid_t hung = Children().Living(Role::kCheckpointer).front().pid;
  Children().conduct[Role::kCheckpointer].silent = true;
  ASSERT_TRUE(Bench().RunUntil([&] { return !SignalsOf(hung).empty(); }));
  EXPECT_EQ(SignalsOf(hung), std::vector<int>{SIGKILL});
  Bench().Run(milliseconds(20));
  EXPECT_EQ(Children().Living(Role::kCheckpointer).size(), 1U);
}

}  // namespace
}  // namespace sqlicorn
