// SPDX-License-Identifier: MIT
#include <random>

#include <gtest/gtest.h>

#include "master/fleet/worker_table.h"

namespace sqlicorn {
namespace {

using Step = OverdueWorker::Step;

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart(hours(100));
constexpr Duration kBoot = seconds(10);
constexpr Duration kTimeout = seconds(3);
constexpr Duration kAllowed = kTimeout + Pulse::kBeat;

TEST(OwnClock, CountsNoTurnLongerThanTheMasterSleeps) {
  OwnClock clock(kStart);
  clock.BeginTurn(kStart + milliseconds(700));
  EXPECT_EQ(clock.now(), kStart + milliseconds(700));
  clock.BeginTurn(kStart + hours(1));
  EXPECT_EQ(clock.real_now(), kStart + hours(1));
  EXPECT_EQ(clock.now(), kStart + milliseconds(700) + OwnClock::kLongestTurn);
  EXPECT_EQ(clock.RealOf(clock.now() + seconds(5)), kStart + hours(1) + seconds(5));
  EXPECT_EQ(clock.RealOf(TimePoint::max()), TimePoint::max());
}

// Two workers, and a master that looks at them.
class Heartbeats : public testing::Test {
 protected:
  Heartbeats() {
    table_.Add({.pid = 10, .slot = 0, .pulse = {kStart, kBoot, kTimeout}});
    table_.Add({.pid = 11, .slot = 1});
  }

  [[nodiscard]] WorkerRecord& worker() { return table_.workers().front(); }

  [[nodiscard]] WorkerSlot& slot() { return board_.slots()[0]; }

  void Beat() {
    slot().beat_us = clock_.real_now().time_since_epoch() / std::chrono::microseconds(1);
  }

  // So much later the master has a turn.
  std::vector<OverdueWorker> TurnAfter(Duration pause) {
    clock_.BeginTurn(clock_.real_now() + pause);
    worker().Observe(slot(), clock_);
    return FindOverdueWorkers(clock_.now(), table_);
  }

  // The same as often as it looks in that time, without a find.
  void RunFor(Duration time) {
    const TimePoint until = clock_.real_now() + time;
    while (clock_.real_now() < until) {
      const Duration step = std::min<Duration>(seconds(1), until - clock_.real_now());
      EXPECT_TRUE(TurnAfter(step).empty());
    }
  }

  void BeatAndBeSeen() {
    Beat();
    EXPECT_TRUE(TurnAfter(Duration::zero()).empty());
  }

  Scoreboard board_ = Scoreboard::Create(2).value();
  WorkerTable table_{2};
  OwnClock clock_{kStart};
};

TEST_F(Heartbeats, AreLateAfterTheTimeoutAndTheDoubt) {
  BeatAndBeSeen();
  EXPECT_EQ(NextOverdue(table_), clock_.now() + kAllowed + Duration(1));
  RunFor(kAllowed);
  EXPECT_TRUE(TurnAfter(Duration(1)).empty());
  EXPECT_EQ(NextOverdue(table_), clock_.now() + Pulse::kDoubt);
  const auto overdue = TurnAfter(Pulse::kDoubt);
  ASSERT_EQ(overdue.size(), 1U);
  EXPECT_EQ(overdue[0].pid, 10);
  EXPECT_EQ(overdue[0].step, Step::kAbortSilent);
  EXPECT_EQ(worker().end_cause, EndCause::kHeartbeat);
  EXPECT_EQ(table_.workers()[1].end_cause, EndCause::kNone);
}

TEST_F(Heartbeats, AreNotMissedByAMasterThatWasStoppedWithItsWorkers) {
  for (const Duration pause :
       {Duration(milliseconds(1500)), Duration(kAllowed), Duration(hours(9))}) {
    BeatAndBeSeen();
    RunFor(kAllowed);
    EXPECT_TRUE(TurnAfter(pause).empty()) << ToSeconds(pause);
    // The worker runs again too, and beats in time.
    EXPECT_TRUE(TurnAfter(Pulse::kBeat).empty());
    BeatAndBeSeen();
  }
}

TEST_F(Heartbeats, ThatStopForGoodAreMissedThoughTheMasterIsStoppedAgainAndAgain) {
  BeatAndBeSeen();
  int turns = 0;
  while (TurnAfter(hours(1)).empty() && turns < 100) {
    ++turns;
  }
  EXPECT_GE(turns, 3);
  EXPECT_LE(turns, 6);
}

TEST_F(Heartbeats, SeenLateCountFromWhenTheyWere) {
  BeatAndBeSeen();
  RunFor(milliseconds(500));
  Beat();
  RunFor(milliseconds(300));
  EXPECT_EQ(worker().pulse.Silence(clock_.now()), milliseconds(300));
}

TEST_F(Heartbeats, AreJudgedHarderASecondAfterTheAbort) {
  BeatAndBeSeen();
  RunFor(kAllowed + milliseconds(1));
  ASSERT_EQ(TurnAfter(Pulse::kDoubt).at(0).step, Step::kAbortSilent);
  EXPECT_EQ(NextOverdue(table_), clock_.now() + seconds(1));
  EXPECT_TRUE(TurnAfter(milliseconds(999)).empty());
  const auto overdue = TurnAfter(milliseconds(1));
  ASSERT_EQ(overdue.size(), 1U);
  EXPECT_EQ(overdue[0].step, Step::kKill);
  EXPECT_EQ(NextOverdue(table_), TimePoint::max()) << "nothing is left to do to it";
}

TEST_F(Heartbeats, BeforeTheFirstAWorkerHasTheTimeOfItsStart) {
  RunFor(kBoot);
  EXPECT_TRUE(TurnAfter(Duration(1)).empty());
  EXPECT_EQ(TurnAfter(Pulse::kDoubt).at(0).step, Step::kAbortSilent);
}

TEST_F(Heartbeats, OfAnUnwatchedWorkerAreNotMissed) {
  table_.Remove(10);
  EXPECT_TRUE(FindOverdueWorkers(kStart + hours(10000), table_).empty());
  EXPECT_EQ(NextOverdue(table_), TimePoint::max());
}

TEST_F(Heartbeats, AreNotWhatAWildWordSays) {
  BeatAndBeSeen();
  std::mt19937_64 random(1);
  const TimePoint beaten = clock_.now();
  for (int i = 0; i < 1000; ++i) {
    slot().beat_us = static_cast<std::int64_t>(random());
    EXPECT_TRUE(TurnAfter(milliseconds(1)).empty());
    EXPECT_EQ(worker().pulse.Silence(clock_.now()), clock_.now() - beaten);
  }
  slot().beat_us = INT64_MAX;
  RunFor(kAllowed - seconds(1) + milliseconds(1));
  EXPECT_EQ(TurnAfter(Pulse::kDoubt).at(0).step, Step::kAbortSilent);
}

TEST_F(Heartbeats, OfAWorkerThatWasToldToGoDoNotKeepItForEver) {
  BeatAndBeSeen();
  worker().kill_at = clock_.now() + milliseconds(200);
  EXPECT_EQ(NextOverdue(table_), clock_.now() + milliseconds(200));
  EXPECT_TRUE(TurnAfter(milliseconds(199)).empty());
  const auto first = TurnAfter(milliseconds(1));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].step, Step::kAbortLate);
  EXPECT_EQ(worker().end_cause, EndCause::kGraceful);
  EXPECT_LE(NextOverdue(table_), clock_.now() + milliseconds(200));
  EXPECT_EQ(TurnAfter(milliseconds(200)).at(0).step, Step::kKill);
}

TEST_F(Heartbeats, ReadyAndRecyclingAreRememberedAndAWildWordIsNeither) {
  slot().ready = 0x80000000U;
  slot().recycling = 7;
  EXPECT_TRUE(TurnAfter(milliseconds(1)).empty());
  EXPECT_FALSE(worker().ready);
  EXPECT_FALSE(worker().recycling);
  slot().ready = 1;
  slot().recycling = 1;
  EXPECT_TRUE(TurnAfter(milliseconds(1)).empty());
  slot().ready = 0;
  slot().recycling = 0;
  EXPECT_TRUE(TurnAfter(milliseconds(1)).empty());
  EXPECT_TRUE(worker().ready);
  EXPECT_TRUE(worker().recycling);
}

}  // namespace
}  // namespace sqlicorn
