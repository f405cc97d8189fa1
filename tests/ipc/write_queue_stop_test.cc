// SPDX-License-Identifier: MIT
#include <csignal>

#include <gtest/gtest.h>

#include "tests/ipc/queue_testing.h"

namespace sqlicorn {
namespace {

constexpr std::int64_t kPatienceUs = 20'000'000;  // longer than any wait of a passing test
constexpr std::int64_t kWhileUs = 60'000;         // many leases

void TakeOneTurn(WriteQueue& queue, const SharedWriteQueue& shared, std::size_t self) {
  ASSERT_TRUE(Obtain(queue, shared, self, kPatienceUs));
  queue.Release(self, WriteQueue::Next::kDone, MonotonicUs());
}

enum class StopsAt { kGrant, kHold };

// A worker of slot 0 that stops itself, and takes and ends its turn when it is continued.
pid_t ForkStopped(const SharedWriteQueue& shared, StopsAt where) {
  const pid_t worker = Fork([&shared, where] {
    WriteQueue queue = HandsOn(shared);
    queue.Enqueue(0, MonotonicUs());
    if (where == StopsAt::kHold && !queue.TryAccept(0, MonotonicUs())) {
      return 1;
    }
    raise(SIGSTOP);
    if (where == StopsAt::kGrant && !Obtain(queue, shared, 0, kPatienceUs)) {
      return 2;
    }
    queue.Release(0, WriteQueue::Next::kDone, MonotonicUs());
    return 0;
  });
  EXPECT_TRUE(WIFSTOPPED(Await(worker, WUNTRACED)));
  return worker;
}

TEST(WriteQueueStop, LosesAGrantThatIsNotAccepted) {
  const auto shared = SharedWriteQueue::Create(2).value();
  WriteQueue queue = HandsOn(shared);
  const pid_t worker = ForkStopped(shared, StopsAt::kGrant);
  TakeOneTurn(queue, shared, 1);
  EXPECT_EQ(queue.revoked(0), 1U);
  // It stays suspended: the next turn costs no second lease.
  TakeOneTurn(queue, shared, 1);
  EXPECT_EQ(queue.revoked(0), 1U);
  kill(worker, SIGCONT);
  EXPECT_EQ(Await(worker), 0);
  EXPECT_EQ(queue.waiting(), 0U);
}

TEST(WriteQueueStop, KeepsATurnThatWasAccepted) {
  const auto shared = SharedWriteQueue::Create(2).value();
  WriteQueue queue = HandsOn(shared);
  const pid_t worker = ForkStopped(shared, StopsAt::kHold);
  EXPECT_FALSE(Obtain(queue, shared, 1, kWhileUs));
  EXPECT_EQ(queue.revoked(0), 0U);
  kill(worker, SIGCONT);
  TakeOneTurn(queue, shared, 1);
  EXPECT_EQ(Await(worker), 0);
}

TEST(WriteQueueStop, EndsTheTurnOfAHolderThatIsKilledWhileStopped) {
  const auto shared = SharedWriteQueue::Create(2).value();
  WriteQueue queue = HandsOn(shared);
  const pid_t worker = ForkStopped(shared, StopsAt::kHold);
  kill(worker, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(Await(worker)));
  queue.Reap(0, MonotonicUs());
  TakeOneTurn(queue, shared, 1);
}

}  // namespace
}  // namespace sqlicorn
