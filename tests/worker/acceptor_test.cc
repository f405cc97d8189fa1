// SPDX-License-Identifier: MIT
#include "worker/http/acceptor.h"

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "tests/worker/connection_testing.h"

namespace sqlicorn {
namespace {

class AcceptorTest : public testing::Test {
 protected:
  void Start(std::size_t max_connections) {
    acceptor_ = std::make_unique<Acceptor>(
        loop_, Acceptor::Options{{listener_.get()}, board_.slots(), 0, max_connections},
        [this](UniqueFd socket) {
          accepted_.push_back(std::move(socket));
          board_.slots()[0].connections = static_cast<std::uint32_t>(accepted_.size());
        });
    board_.slots()[0].state = WorkerState::kReady;
    acceptor_->Start();
  }

  void ConnectClients(int count) {
    for (int i = 0; i < count; ++i) {
      clients_.push_back(ConnectTo(listener_.get()));
    }
  }

  void CloseOne() {
    accepted_.pop_back();
    board_.slots()[0].connections = static_cast<std::uint32_t>(accepted_.size());
    acceptor_->OnConnectionClosed();
  }

  void RunUntilAccepted(std::size_t count) {
    RunUntil(loop_, [&] { return accepted_.size() >= count; });
  }

  void Settle() {
    int rounds = 0;
    RunUntil(loop_, [&] { return ++rounds > 20; });
  }

  Loop loop_;
  UniqueFd listener_ = Listen();
  Scoreboard board_ = Scoreboard::Create(2).value();
  std::vector<UniqueFd> accepted_;
  std::vector<UniqueFd> clients_;
  std::unique_ptr<Acceptor> acceptor_;
};

TEST_F(AcceptorTest, AcceptsAllWhoCome) {
  Start(100);
  ConnectClients(5);
  RunUntilAccepted(5);
  EXPECT_NE(fcntl(accepted_[0].get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(accepted_[0].get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(AcceptorTest, StopsAtTheLimitUntilAConnectionEnds) {
  Start(2);
  ConnectClients(4);
  RunUntilAccepted(2);
  Settle();
  EXPECT_EQ(accepted_.size(), 2U);
  CloseOne();
  RunUntilAccepted(2);
  Settle();
  EXPECT_EQ(accepted_.size(), 2U);
}

TEST_F(AcceptorTest, StandsBackForAMomentOnlyWhileItHoldsMoreThanItsShare) {
  board_.slots()[1].state = WorkerState::kReady;
  board_.slots()[1].beat_us = MonotonicUs();
  Start(100);
  ConnectClients(4);
  RunUntilAccepted(4);
}

TEST_F(AcceptorTest, LeavesAConnectionToAWorkerThatHoldsFewer) {
  board_.slots()[1].state = WorkerState::kReady;
  board_.slots()[1].beat_us = MonotonicUs();
  board_.slots()[0].connections = 9;
  Start(100);
  ConnectClients(1);
  UniqueFd theirs;
  RunUntil(loop_, [&] {
    if (!theirs) {
      theirs = UniqueFd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    }
    return theirs.get() >= 0;
  });
  Settle();
  EXPECT_TRUE(accepted_.empty());
}

TEST_F(AcceptorTest, StandsBackAnewForTheNextConnection) {
  board_.slots()[1].state = WorkerState::kReady;
  board_.slots()[1].beat_us = MonotonicUs();
  board_.slots()[0].connections = 9;
  Start(100);
  ConnectClients(1);
  RunUntilAccepted(1);
  board_.slots()[0].connections = 9;
  const TimePoint before = Clock::now();
  ConnectClients(1);
  RunUntilAccepted(2);
  EXPECT_GE(Clock::now() - before, std::chrono::milliseconds(4));
}

TEST_F(AcceptorTest, AcceptsWhatIsQueuedAtTheEndAndNothingAfter) {
  Start(2);
  ConnectClients(4);
  RunUntilAccepted(2);
  acceptor_->Finish();
  EXPECT_EQ(accepted_.size(), 4U);
  ConnectClients(1);
  acceptor_->OnConnectionClosed();
  Settle();
  EXPECT_EQ(accepted_.size(), 4U);
}

TEST_F(AcceptorTest, SaysWhenDescriptorsRunOutAndTriesAgain) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer opens pipes of its own to judge pointers";
#endif
  Start(100);
  ConnectClients(1);
  const TempDir directory;
  ASSERT_TRUE(SetLogTarget(directory.File("log")));
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const UniqueFd lowest(fcntl(listener_.get(), F_DUPFD_CLOEXEC, 0));
  const rlimit none{static_cast<rlim_t>(lowest.get()), before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  Settle();
  EXPECT_TRUE(accepted_.empty());
  setrlimit(RLIMIT_NOFILE, &before);
  RunUntilAccepted(1);
  ASSERT_TRUE(SetLogTarget("-"));
  EXPECT_EQ(Count(ReadFile(directory.File("log")).value(),
                  "[ERROR] cannot accept a connection: Too many open files\n"),
            1U);
}

}  // namespace
}  // namespace sqlicorn
