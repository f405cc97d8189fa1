// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "master/heartbeat_monitor.h"
#include "master/respawn_policy.h"
#include "master/worker_table.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(WorkerTable, GivesTheLowestFreeSlot) {
  WorkerTable table(3);
  EXPECT_EQ(table.FreeSlot(), 0U);
  table.Add(10, 0, {});
  table.Add(11, 1, {});
  table.Add(12, 2, {});
  EXPECT_EQ(table.FreeSlot(), std::nullopt);
  table.Remove(11);
  EXPECT_EQ(table.FreeSlot(), 1U);
}

TEST(WorkerTable, KeepsTheOldestFirstAndNeverGivesAnAgeTwice) {
  WorkerTable table(2);
  table.Add(10, 0, {});
  table.Add(11, 1, {});
  table.Remove(10);
  table.Add(12, 0, {});
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table.workers()[0].pid, 11);
  EXPECT_EQ(table.workers()[1].age, 3U);
}

TEST(WorkerTable, ForgetsOnlyItsOwn) {
  WorkerTable table(1);
  table.Add(10, 0, TimePoint(seconds(5)));
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
    policy.OnCrash(now, milliseconds(1));
    EXPECT_FALSE(policy.MaySpawn(now + milliseconds(wait_ms - 1))) << wait_ms;
    EXPECT_TRUE(policy.MaySpawn(now + milliseconds(wait_ms))) << wait_ms;
    now = policy.next_spawn();
  }
}

TEST(RespawnPolicy, ReplacesAWorkerThatServedAtOnceAndForgetsTheCrashesBefore) {
  RespawnPolicy policy;
  const TimePoint now(seconds(1000));
  policy.OnCrash(now, milliseconds(1));
  policy.OnCrash(now + seconds(1), seconds(2));
  EXPECT_TRUE(policy.MaySpawn(now + seconds(1)));
  policy.OnCrash(now + seconds(2), milliseconds(1999));
  EXPECT_EQ(policy.next_spawn(), now + seconds(2) + milliseconds(100));
}

class Heartbeats : public testing::Test {
 protected:
  Heartbeats() {
    table_.Add(10, 0, {});
    table_.Add(11, 1, {});
  }

  Scoreboard board_ = Scoreboard::Create(2).value();
  WorkerTable table_{2};
  HeartbeatMonitor monitor_{board_.slots()};
};

TEST_F(Heartbeats, AreLateOnlyAfterTheDeadline) {
  board_.slots()[0].deadline_us = 1000;
  board_.slots()[1].deadline_us = 2000;
  EXPECT_TRUE(monitor_.Check(1000, table_).empty());
  const auto verdicts = monitor_.Check(1001, table_);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].pid, 10);
  EXPECT_TRUE(verdicts[0].first);
  EXPECT_EQ(table_.workers()[0].end_cause, EndCause::kHeartbeat);
  EXPECT_EQ(table_.workers()[1].end_cause, EndCause::kNone);
}

TEST_F(Heartbeats, AreJudgedHarderTheSecondTime) {
  board_.slots()[0].deadline_us = 1000;
  EXPECT_TRUE(monitor_.Check(1001, table_).at(0).first);
  EXPECT_FALSE(monitor_.Check(1002, table_).at(0).first);
}

TEST_F(Heartbeats, OfAnUnwatchedWorkerAreNotMissed) {
  EXPECT_TRUE(monitor_.Check(INT64_MAX, table_).empty());
  EXPECT_EQ(monitor_.NextDeadlineUs(table_), 0);
}

TEST_F(Heartbeats, AreWaitedForUntilTheEarliestDeadline) {
  board_.slots()[1].deadline_us = 2000;
  EXPECT_EQ(monitor_.NextDeadlineUs(table_), 2000);
  board_.slots()[0].deadline_us = 1000;
  EXPECT_EQ(monitor_.NextDeadlineUs(table_), 1000);
  table_.Remove(10);
  EXPECT_EQ(monitor_.NextDeadlineUs(table_), 2000);
}

}  // namespace
}  // namespace sqlicorn
