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
  slot.Reset(42);
  EXPECT_EQ(slot.state, WorkerState::kBooting);
  EXPECT_EQ(slot.deadline_us, 42);
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

TEST(WorkerSlot, ForgetsItsFormerWorker) {
  const Scoreboard scoreboard = Scoreboard::Create(1).value();
  WorkerSlot& slot = scoreboard.slots()[0];
  slot.Reset(1);
  Bump(slot.requests);
  slot.connections = 7;
  slot.Free();
  EXPECT_EQ(slot.connections, 0U);
  EXPECT_EQ(slot.deadline_us, 0);
  slot.Reset(2);
  EXPECT_EQ(slot.requests, 0U);
}

}  // namespace
}  // namespace sqlicorn
