// SPDX-License-Identifier: MIT
#include "master/server_status.h"

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
  // As the worker leaves it after a heartbeat so long ago.
  void Beat(Duration ago) {
    slot_.ready_at_us = 1;
    slot_.state = WorkerState::kReady;
    slot_.deadline_us = MonotonicUs() + (worker_.timeout - ago) / std::chrono::microseconds(1);
  }

  WorkerStatus Status() { return StatusOf(worker_, slot_); }

  WorkerRecord worker_{.pid = 5, .timeout = seconds(30), .spawned_at = Clock::now() - seconds(60)};
  WorkerSlot slot_{};
};

TEST_F(StatusOfTest, KnowsTheAgeOfTheLastHeartbeat) {
  Beat(seconds(10));
  const WorkerStatus status = Status();
  EXPECT_EQ(status.state, WorkerState::kReady);
  EXPECT_FALSE(status.hung);
  ASSERT_TRUE(status.heartbeat_age);
  EXPECT_NEAR(ToSeconds(*status.heartbeat_age), 10, 1);
  EXPECT_NEAR(ToSeconds(status.age), 60, 1);
}

TEST_F(StatusOfTest, IsHungWhenTheHeartbeatIsOverdue) {
  Beat(seconds(31));
  EXPECT_TRUE(Status().hung);
}

TEST_F(StatusOfTest, HasNoHeartbeatBeforeItIsReadyNorWhenItIsNotWatched) {
  slot_.Reset(MonotonicUs() + 1000000);
  EXPECT_EQ(Status().state, WorkerState::kBooting);
  EXPECT_FALSE(Status().heartbeat_age);
  slot_.ready_at_us = 1;
  slot_.deadline_us = 0;
  EXPECT_FALSE(Status().heartbeat_age);
  EXPECT_FALSE(Status().hung);
}

TEST_F(StatusOfTest, IsStoppingFromTheMomentItWasTold) {
  Beat(seconds(1));
  worker_.end_cause = EndCause::kSurplus;
  EXPECT_EQ(Status().state, WorkerState::kStopping);
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
