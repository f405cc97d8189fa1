// SPDX-License-Identifier: MIT
#include <csignal>

#include <gtest/gtest.h>

#include "common/base/process.h"
#include "master/arbiter.h"
#include "tests/master/arbiter_bench.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Phase = ServerStatus::Phase;

// A server that serves with two workers.
class ArbiterReload : public testing::Test {
 protected:
  ArbiterReload() { EXPECT_TRUE(bench_.RunUntilServing()); }

  [[nodiscard]] PlayedChildren& children() { return bench_.children(); }

  // Of the generation that serves, how many of these.
  [[nodiscard]] std::size_t CountOf(std::uint64_t generation) {
    std::size_t count = 0;
    for (const PlayedChild& worker : children().Living(Role::kWorker)) {
      count += worker.generation == generation ? 1 : 0;
    }
    return count;
  }

  // The number of workers that serve never falls below this from now on.
  void NeverFewerThan(std::size_t workers) {
    bench_.after_turn = [this, workers] { ASSERT_GE(bench_.CountServing(), workers); };
  }

  TempDir dir_;
  ServerConfig config_ = ArbiterBench::TwoWorkers(dir_);
  ArbiterBench bench_{config_};
};

TEST_F(ArbiterReload, ReplacesTheOldWorkersWhenTheNewOnesServe) {
  NeverFewerThan(2);
  bench_.next_config->server.workers = 3;
  bench_.Step(SIGHUP);
  EXPECT_EQ(children().Living(Role::kPreparation).size(), 1U);
  EXPECT_EQ(bench_.Status().phase, Phase::kReloading);
  EXPECT_EQ(bench_.Status().generation, 1U);
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(CountOf(2), 3U);
  EXPECT_EQ(bench_.Workers().size(), 3U);
  EXPECT_EQ(bench_.Status().counters.reloads_done, 1U);
  EXPECT_EQ(bench_.Status().reloads_failed, 0U);
}

TEST_F(ArbiterReload, AWorkerThatDiesMeanwhileIsReplacedByOneOfTheOldConfiguration) {
  bench_.Run(seconds(1));
  bench_.Step(SIGHUP);
  children().End(bench_.Workers().front(), SIGKILL);
  bench_.Step();
  EXPECT_EQ(CountOf(1), 2U);
  EXPECT_EQ(bench_.Status().phase, Phase::kReloading);
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(CountOf(2), 2U);
}

TEST_F(ArbiterReload, AWorkerOfTheOldConfigurationThatDiesLaterIsNotReplaced) {
  children().conduct_of_generation[2] = {.done_after = seconds(1)};
  bench_.Step(SIGHUP);
  ASSERT_TRUE(bench_.RunUntil([this] { return CountOf(2) == 2; }));
  children().End(bench_.Workers().front(), SIGKILL);
  bench_.Run(milliseconds(100));
  EXPECT_EQ(CountOf(1), 1U);
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(CountOf(2), 2U);
}

TEST_F(ArbiterReload, ASecondHupFollowsWhenTheFirstIsDone) {
  bench_.Step(SIGHUP);
  bench_.Step(SIGHUP);
  bench_.Step(SIGHUP);
  EXPECT_EQ(children().CountStarted(Role::kPreparation), 1U);
  ASSERT_TRUE(bench_.RunUntil([this] { return bench_.Status().counters.reloads_done == 2; }));
  ASSERT_TRUE(bench_.RunUntilServing());
  bench_.Run(seconds(1));
  EXPECT_EQ(children().CountStarted(Role::kPreparation), 2U);
  EXPECT_EQ(CountOf(3), 2U);
}

TEST_F(ArbiterReload, ASecondHupFollowsAReloadThatFailed) {
  children().conduct[Role::kPreparation].end_status = ExitStatus(ExitCode::kError);
  bench_.Step(SIGHUP);
  bench_.Step(SIGHUP);
  ASSERT_TRUE(bench_.RunUntil([this] { return children().CountStarted(Role::kPreparation) == 2; }));
  children().conduct.clear();
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(bench_.Status().counters.reloads_done, 1U);
  EXPECT_EQ(bench_.Status().reloads_failed, 1U);
}

TEST_F(ArbiterReload, ADatabaseThatCannotBePreparedLeavesEverythingAsItWas) {
  const auto workers = bench_.Workers();
  children().conduct[Role::kPreparation].end_status = ExitStatus(ExitCode::kError);
  bench_.Step(SIGHUP);
  TellStarter("no such table: t");
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(bench_.Workers(), workers);
  EXPECT_EQ(bench_.Status().counters.last_reload_error,
            "the new configuration cannot be served: no such table: t");
}

TEST_F(ArbiterReload, APreparationThatIsKilledIsTheReason) {
  children().conduct[Role::kPreparation].end_status = SIGKILL;
  bench_.Step(SIGHUP);
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(bench_.Status().counters.last_reload_error,
            "preparing the database was ended by SIGKILL");
}

TEST_F(ArbiterReload, AConfigurationThatCannotBeReadStartsNothing) {
  bench_.next_config.reset();
  bench_.Step(SIGHUP);
  EXPECT_EQ(children().CountStarted(Role::kPreparation), 0U);
  EXPECT_EQ(bench_.Status().phase, Phase::kRunning);
  EXPECT_EQ(bench_.Status().counters.last_reload_error, "the configuration is wrong");
}

TEST_F(ArbiterReload, AProcessThatIsNotToBeHadFailsIt) {
  children().no_process_left = true;
  bench_.Step(SIGHUP);
  EXPECT_EQ(bench_.Status().phase, Phase::kRunning);
  EXPECT_EQ(bench_.Status().reloads_failed, 1U);
  children().no_process_left = false;
  bench_.Step(SIGHUP);
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(bench_.Status().counters.reloads_done, 1U);
}

TEST_F(ArbiterReload, GoesBackWhenAWorkerCannotStart) {
  NeverFewerThan(2);
  const auto workers = bench_.Workers();
  bench_.next_config->server.workers = 5;
  children().conduct_of_generation[2] = {.end_status = ExitStatus(ExitCode::kWorkerBoot)};
  bench_.Step(SIGHUP);
  ASSERT_TRUE(bench_.RunUntil([this] { return bench_.Status().generation == 2; }));
  EXPECT_EQ(bench_.Status().wanted, 5U);
  ASSERT_TRUE(bench_.RunUntil([this] { return bench_.Status().generation == 1; }));
  EXPECT_EQ(bench_.Status().wanted, 2U);
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(bench_.Workers(), workers);
  EXPECT_EQ(bench_.Status().counters.last_reload_error,
            "a worker could not start with the new configuration");
}

TEST_F(ArbiterReload, GoesBackWhenTheLastWorkerCannotStart) {
  bench_.Step(SIGHUP);
  ASSERT_TRUE(bench_.RunUntil([this] { return CountOf(2) == 2; }));
  children().conduct_of_generation[2] = {.done_after = std::nullopt};
  children().End(bench_.Workers().back(), ExitStatus(ExitCode::kWorkerBoot));
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(CountOf(1), 2U);
  EXPECT_EQ(bench_.Workers().size(), 2U);
}

TEST_F(ArbiterReload, TheCheckpointerIsReplacedToo) {
  children().has_checkpointer = true;
  bench_.Step();
  const pid_t old = children().Living(Role::kCheckpointer).front().pid;
  bench_.Step(SIGHUP);
  ASSERT_TRUE(bench_.RunUntilServing());
  EXPECT_EQ(children().Child(old).signals, std::vector<int>{SIGTERM});
  ASSERT_EQ(children().Living(Role::kCheckpointer).size(), 1U);
  EXPECT_EQ(children().Living(Role::kCheckpointer).front().generation, 2U);
}

TEST(ArbiterStart, AHupThatComesMeanwhileReplacesWorkersThatNeverServed) {
  const TempDir dir;
  ArbiterBench bench(ArbiterBench::TwoWorkers(dir));
  bench.children().conduct_of_generation[1] = {.done_after = std::nullopt};
  bench.Step(SIGHUP);
  ASSERT_TRUE(bench.RunUntilServing());
  const auto workers = bench.children().Living(Role::kWorker);
  ASSERT_EQ(workers.size(), 2U);
  EXPECT_EQ(workers[0].generation, 2U);
  EXPECT_EQ(workers[1].generation, 2U);
}

TEST(ArbiterStart, AHupThatFailsMeanwhileDoesNotKeepItFromServing) {
  const TempDir dir;
  ArbiterBench bench(ArbiterBench::TwoWorkers(dir));
  bench.children().conduct_of_generation[1] = {.done_after = seconds(2)};
  bench.children().conduct_of_generation[2] = {.end_status = ExitStatus(ExitCode::kWorkerBoot)};
  bench.Step(SIGHUP);
  ASSERT_TRUE(bench.RunUntilServing());
  EXPECT_EQ(bench.Status().generation, 1U);
  EXPECT_FALSE(bench.arbiter().stopped());
}

}  // namespace
}  // namespace sqlicorn
