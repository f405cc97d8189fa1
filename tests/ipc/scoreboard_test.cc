// SPDX-License-Identifier: MIT
#include "common/ipc/scoreboard.h"

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(Scoreboard, ShowsTheMasterWhatAForkedWorkerWrote) {
  const Scoreboard scoreboard = Scoreboard::Create(3).value();
  WorkerSlot& slot = scoreboard.slots()[1];
  slot.Reset();
  EXPECT_EQ(slot.state, WorkerState::kBooting);
  const pid_t worker = fork();
  if (worker == 0) {
    slot.state = WorkerState::kReady;
    Bump(slot.requests);
    Bump(slot.requests);
    _exit(0);
  }
  ASSERT_EQ(waitpid(worker, nullptr, 0), worker);
  EXPECT_EQ(slot.state, WorkerState::kReady);
  EXPECT_EQ(slot.requests, 2U);
  EXPECT_EQ(scoreboard.slots()[0].state, WorkerState::kFree);
}

TEST(Scoreboard, ShowsTheMasterWhatAForkedWorkerCounted) {
  const Scoreboard scoreboard = Scoreboard::Create(2).value();
  scoreboard.ClearCounters(1, 3);
  const pid_t worker = fork();
  if (worker == 0) {
    const CounterSheet sheet = scoreboard.counters(1);
    Bump(sheet.worker.writes);
    sheet.worker.hold_us.Record(7);
    sheet.endpoints[2].wait_us.Record(9);
    _exit(0);
  }
  ASSERT_EQ(waitpid(worker, nullptr, 0), worker);
  const WorkerCounts counts = ReadCounters(scoreboard.counters(1), 3, 0);
  EXPECT_EQ(counts.writes, 1U);
  EXPECT_EQ(counts.hold_us.Percentile(50), 7);
  ASSERT_EQ(counts.endpoints.size(), 3U);
  EXPECT_EQ(counts.endpoints[2].wait_us.Percentile(50), 9);
  EXPECT_EQ(counts.endpoints[1].wait_us.count(), 0U);
}

TEST(Scoreboard, ClearsTheCountersOfAFormerWorker) {
  const Scoreboard scoreboard = Scoreboard::Create(1).value();
  const CounterSheet sheet = scoreboard.counters(0);
  sheet.worker.batch.Record(3);
  Bump(sheet.endpoints[0].requests);
  scoreboard.ClearCounters(0, 1);
  const WorkerCounts counts = ReadCounters(sheet, 1, 0);
  EXPECT_EQ(counts.batch.count(), 0U);
  EXPECT_EQ(counts.endpoints[0].requests, 0U);
}

TEST(WorkerSlot, ForgetsItsFormerWorker) {
  const Scoreboard scoreboard = Scoreboard::Create(1).value();
  WorkerSlot& slot = scoreboard.slots()[0];
  slot.Reset();
  Bump(slot.requests);
  slot.connections = 7;
  slot.beat_us = 42;
  slot.Free();
  EXPECT_EQ(slot.connections, 0U);
  EXPECT_EQ(slot.beat_us, 0);
  slot.Reset();
  EXPECT_EQ(slot.requests, 0U);
}

}  // namespace
}  // namespace sqlicorn
