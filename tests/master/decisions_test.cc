// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "master/fleet/worker_table.h"
#include "master/fleet/workforce.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(WorkerTable, GivesTheLowestFreeSlot) {
  WorkerTable table(3);
  EXPECT_EQ(table.FreeSlot(), 0U);
  table.Add({.pid = 10, .slot = 0});
  table.Add({.pid = 11, .slot = 1});
  table.Add({.pid = 12, .slot = 2});
  EXPECT_EQ(table.FreeSlot(), std::nullopt);
  table.Remove(11);
  EXPECT_EQ(table.FreeSlot(), 1U);
}

TEST(WorkerTable, KeepsTheOldestFirst) {
  WorkerTable table(2);
  table.Add({.pid = 10, .slot = 0});
  table.Add({.pid = 11, .slot = 1});
  table.Remove(10);
  table.Add({.pid = 12, .slot = 0});
  ASSERT_EQ(table.workers().size(), 2U);
  EXPECT_EQ(table.workers()[0].pid, 11);
  EXPECT_EQ(table.workers()[1].pid, 12);
}

TEST(WorkerTable, ForgetsOnlyItsOwn) {
  WorkerTable table(1);
  table.Add({.pid = 10, .slot = 0, .spawned_at = TimePoint(seconds(5))});
  EXPECT_FALSE(table.Remove(99).has_value());
  const auto removed = table.Remove(10);
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->spawned_at, TimePoint(seconds(5)));
  EXPECT_EQ(removed->end_cause, EndCause::kNone);
  EXPECT_TRUE(table.empty());
}

TEST(RespawnPolicy, DoublesTheWaitWhileWorkersDieYoung) {
  RespawnPolicy policy;
  TimePoint now(seconds(1000));
  EXPECT_TRUE(policy.MaySpawn(now));
  for (const int wait_ms : {100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000}) {
    policy.OnDeath(now, {.lifetime = milliseconds(1)});
    EXPECT_FALSE(policy.MaySpawn(now + milliseconds(wait_ms - 1))) << wait_ms;
    EXPECT_TRUE(policy.MaySpawn(now + milliseconds(wait_ms))) << wait_ms;
    now = policy.next_spawn();
  }
}

TEST(RespawnPolicy, PausesBetweenTwoSpawns) {
  RespawnPolicy policy;
  const TimePoint now(seconds(1000));
  policy.OnSpawn(now, milliseconds(40));
  EXPECT_FALSE(policy.MaySpawn(now));
  EXPECT_EQ(policy.next_spawn(), now + milliseconds(40));
  EXPECT_TRUE(policy.MaySpawn(now + milliseconds(40)));
}

TEST(RespawnPolicy, ReplacesAWorkerThatServedAtOnceAndForgetsTheCrashesBefore) {
  RespawnPolicy policy;
  const TimePoint now(seconds(1000));
  policy.OnDeath(now, {.lifetime = milliseconds(1)});
  policy.OnDeath(now + seconds(1), {.lifetime = seconds(2), .served = seconds(2)});
  EXPECT_TRUE(policy.MaySpawn(now + seconds(1)));
  policy.OnDeath(now + seconds(2), {.lifetime = milliseconds(1999), .served = seconds(1)});
  EXPECT_EQ(policy.next_spawn(), now + seconds(2) + milliseconds(100));
}

TEST(RespawnPolicy, ReplacesYoungWorkersThatServedAndWereKilledAtOnce) {
  RespawnPolicy policy;
  const TimePoint now(seconds(1000));
  for (int i = 0; i < 1000; ++i) {
    policy.OnDeath(
        now, {.lifetime = milliseconds(130), .served = RespawnPolicy::kProven, .killed = true});
    EXPECT_TRUE(policy.MaySpawn(now));
  }
}

TEST(RespawnPolicy, DelaysWhenWorkersAreKilledBeforeTheyServeAgainAndAgain) {
  RespawnPolicy policy;
  const TimePoint now(seconds(1000));
  const WorkerDeath at_start = {.lifetime = milliseconds(5), .killed = true};
  for (int i = 0; i < RespawnPolicy::kForgivenKills; ++i) {
    policy.OnDeath(now, at_start);
    EXPECT_TRUE(policy.MaySpawn(now));
  }
  policy.OnDeath(now, at_start);
  EXPECT_EQ(policy.next_spawn(), now + RespawnPolicy::kFirstDelay);
}

TEST(RespawnPolicy, DelaysWhenWorkersAreKilledAsSoonAsTheyAreReadyAgainAndAgain) {
  RespawnPolicy policy;
  TimePoint now(seconds(1000));
  const WorkerDeath barely_ready = {
      .lifetime = milliseconds(25), .served = milliseconds(1), .killed = true};
  for (int i = 0; i < RespawnPolicy::kForgivenKills; ++i) {
    policy.OnDeath(now, barely_ready);
    EXPECT_TRUE(policy.MaySpawn(now));
  }
  for (const int wait_ms : {100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000}) {
    policy.OnDeath(now, barely_ready);
    EXPECT_EQ(policy.next_spawn(), now + milliseconds(wait_ms));
    now = policy.next_spawn();
  }
}

TEST(RespawnPolicy, ForgivesKillsAtTheStartAnewOnceAWorkerHasServed) {
  RespawnPolicy policy;
  const TimePoint now(seconds(1000));
  for (int i = 0; i < 10 * RespawnPolicy::kForgivenKills; ++i) {
    const Duration served = i % 10 == 0 ? RespawnPolicy::kProven : Duration::zero();
    policy.OnDeath(now, {.lifetime = milliseconds(105), .served = served, .killed = true});
    EXPECT_TRUE(policy.MaySpawn(now));
  }
}

constexpr WorkerView Serving(pid_t pid, std::uint64_t generation = 1) {
  return {.pid = pid, .generation = generation, .ready = true};
}

constexpr WorkerView Booting(pid_t pid, std::uint64_t generation = 1) {
  return {.pid = pid, .generation = generation};
}

WorkerView Recycling(WorkerView worker) {
  worker.recycling = true;
  return worker;
}

WorkerView Leaving(WorkerView worker) {
  worker.leaving = true;
  return worker;
}

struct WorkforceCase {
  const char* what;
  std::vector<WorkerView> workers;  // oldest first
  std::uint64_t serving;
  std::size_t wanted;
  std::size_t spawn;
  std::vector<pid_t> retire;
};

TEST(PlanWorkforce, BringsTheWorkersToWhatIsWanted) {
  const std::vector<WorkforceCase> cases = {
      {"a start", {}, 1, 2, 2, {}},
      {"enough", {Serving(1), Serving(2)}, 1, 2, 0, {}},
      {"booting ones count", {Serving(1), Booting(2)}, 1, 2, 0, {}},
      {"one died", {Serving(1)}, 1, 2, 1, {}},
      {"the oldest of too many go", {Serving(1), Serving(2), Serving(3)}, 1, 1, 0, {1, 2}},
      {"who leaves does not count", {Leaving(Serving(1)), Serving(2)}, 1, 2, 1, {}},
      {"none wanted", {Serving(1)}, 1, 0, 0, {1}},
      {"a reload begins", {Serving(1), Serving(2)}, 2, 2, 2, {}},
      {"its workers boot", {Serving(1), Serving(2), Booting(3, 2), Serving(4, 2)}, 2, 2, 0, {}},
      {"they serve", {Serving(1), Serving(2), Serving(3, 2), Serving(4, 2)}, 2, 2, 0, {1, 2}},
      {"the reload is abandoned", {Serving(1), Serving(2), Booting(3, 2)}, 1, 2, 0, {3}},
      {"a recycled worker waits for its successor",
       {Recycling(Serving(1)), Serving(2)},
       1,
       2,
       1,
       {}},
      {"which boots", {Recycling(Serving(1)), Serving(2), Booting(3)}, 1, 2, 0, {}},
      {"and serves", {Recycling(Serving(1)), Serving(2), Serving(3)}, 1, 2, 0, {1}},
  };
  for (const WorkforceCase& c : cases) {
    const WorkforcePlan plan = PlanWorkforce(c.workers, c.serving, c.wanted, 17);
    EXPECT_EQ(plan.spawn, c.spawn) << c.what;
    EXPECT_EQ(plan.retire, c.retire) << c.what;
  }
}

TEST(PlanWorkforce, MakesRoomForReplacementsAndLeavesNoGap) {
  const std::vector<WorkforceCase> cases = {
      {"fewer are wanted: who is too many goes at once",
       {Serving(1), Serving(2), Serving(3), Serving(4)},
       2,
       2,
       2,
       {1}},
      {"as many are wanted: nobody can be spared",
       {Serving(1), Serving(2), Serving(3), Serving(4)},
       2,
       4,
       4,
       {}},
      {"until a replacement serves",
       {Serving(1), Serving(2), Serving(3), Serving(4), Serving(5, 2)},
       2,
       4,
       3,
       {1}},
      {"who leaves has no slot to give yet",
       {Leaving(Serving(1)), Serving(2), Serving(3), Serving(4), Serving(5, 2)},
       2,
       4,
       3,
       {}},
      {"one that only boots goes first", {Serving(1), Booting(2), Serving(3)}, 2, 3, 3, {2}},
      {"all want a successor",
       {Recycling(Serving(1)), Recycling(Serving(2)), Recycling(Serving(3)), Serving(4)},
       1,
       3,
       2,
       {1}},
  };
  for (const WorkforceCase& c : cases) {
    const WorkforcePlan plan = PlanWorkforce(c.workers, c.serving, c.wanted, 5);
    EXPECT_EQ(plan.spawn, c.spawn) << c.what;
    EXPECT_EQ(plan.retire, c.retire) << c.what;
  }
}

TEST(PlanWorkforce, CountsWhoServesAndStays) {
  const std::vector<WorkerView> workers = {Serving(1), Leaving(Serving(2, 2)), Booting(3, 2),
                                           Recycling(Serving(4, 2)), Serving(5, 2)};
  EXPECT_EQ(PlanWorkforce(workers, 2, 4, 17).ready, 1U);
}

}  // namespace
}  // namespace sqlicorn
