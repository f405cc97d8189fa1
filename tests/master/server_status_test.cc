// SPDX-License-Identifier: MIT
#include "master/fleet/server_status.h"

#include <sys/socket.h>

#include <gtest/gtest.h>

#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "tests/master/server_status_testing.h"

namespace sqlicorn {
namespace {

using std::chrono::seconds;

class StatusOfTest : public testing::Test {
 protected:
  // As the worker leaves it after a heartbeat so long ago, and the master sees it.
  void Beat(Duration ago) {
    slot_.ready = 1;
    slot_.state = WorkerState::kReady;
    slot_.beat_us = clock_.real_now().time_since_epoch() / std::chrono::microseconds(1);
    worker_.Observe(slot_, clock_);
    for (; ago > seconds(1); ago -= seconds(1)) {
      clock_.BeginTurn(clock_.real_now() + seconds(1));
    }
    clock_.BeginTurn(clock_.real_now() + ago);
  }

  WorkerStatus Status() { return StatusOf(worker_, slot_, clock_); }

  OwnClock clock_{Clock::now()};
  WorkerRecord worker_{.pid = 5,
                       .spawned_at = clock_.real_now() - seconds(60),
                       .pulse = {clock_.now(), seconds(60), seconds(30)}};
  WorkerSlot slot_{};
};

TEST_F(StatusOfTest, KnowsTheAgeOfTheLastHeartbeat) {
  Beat(seconds(10));
  const WorkerStatus status = Status();
  EXPECT_EQ(status.state, WorkerState::kReady);
  EXPECT_FALSE(status.hung);
  ASSERT_TRUE(status.heartbeat_age);
  EXPECT_EQ(*status.heartbeat_age, seconds(10));
  EXPECT_EQ(status.age, seconds(70));
}

TEST_F(StatusOfTest, IsHungWhenTheHeartbeatIsOverdue) {
  Beat(seconds(31));
  EXPECT_TRUE(Status().hung);
}

TEST_F(StatusOfTest, HasNoHeartbeatBeforeItIsReadyNorWhenItIsNotWatched) {
  slot_.Reset();
  EXPECT_EQ(Status().state, WorkerState::kBooting);
  EXPECT_FALSE(Status().heartbeat_age);
  worker_.pulse = Pulse();
  Beat(seconds(1000));
  EXPECT_FALSE(Status().heartbeat_age);
  EXPECT_FALSE(Status().hung);
}

TEST_F(StatusOfTest, IsStoppingFromTheMomentItWasTold) {
  Beat(seconds(1));
  worker_.end_cause = EndCause::kSurplus;
  EXPECT_EQ(Status().state, WorkerState::kStopping);
}

TEST_F(StatusOfTest, HasAStateWhateverTheSlotSays) {
  Beat(seconds(1));
  slot_.state = static_cast<WorkerState>(0xDEADBEEFU);
  EXPECT_EQ(Status().state, WorkerState::kReady);
}

TEST(ServerStatus, CountsTheWorkersThatCanServe) {
  ServerStatus status = StatusWith(4);
  status.workers[0].hung = true;
  status.workers[1].state = WorkerState::kBooting;
  EXPECT_EQ(status.CountServing(), 2U);
  EXPECT_EQ(status.Count(WorkerState::kReady), 3U);
}

TEST(DescribeListener, KnowsTheFamilies) {
  for (const auto& [host, type] :
       std::vector<std::pair<std::string, std::string>>{{"127.0.0.1", "tcp"}, {"::1", "tcp6"}}) {
    const SocketAddress address = SocketAddress::Ip(host, 0).value();
    const UniqueFd fd(socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (bind(fd.get(), address.raw(), address.length()) != 0) {
      continue;  // a machine without IPv6
    }
    const ListenerStatus listener = DescribeListener(fd.get());
    EXPECT_EQ(listener.type, type);
    EXPECT_EQ(listener.address, SocketAddress::LocalOf(fd.get()).ToString());
  }
}

}  // namespace
}  // namespace sqlicorn
