// SPDX-License-Identifier: MIT
#include <csignal>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/ipc/queue_testing.h"
#include "tests/ipc/steps.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kVictim = 0;
constexpr std::size_t kFirst = 1;
constexpr std::size_t kSecond = 2;
constexpr std::int64_t kPatienceUs = 500'000;  // ten times what is promised

using Act = std::function<void(WriteQueue&, std::int64_t)>;

bool TakeOneTurn(const SharedWriteQueue& shared, std::size_t self) {
  WriteQueue queue = HandsOn(shared);
  if (!Obtain(queue, shared, self, kPatienceUs)) {
    return false;
  }
  queue.Release(self, WriteQueue::Next::kDone, MonotonicUs());
  return true;
}

// A process that dies right before its access number `fatal` to the queue; false when it made
// fewer.
bool Dies(const SharedWriteQueue& shared, const Act& act, int fatal) {
  const pid_t victim = Fork([&] {
    WriteQueue queue = HandsOn(shared);
    int left = fatal;
    SetStepHook([&left] {
      if (left-- == 0) {
        raise(SIGKILL);
      }
    });
    act(queue, MonotonicUs());
    return 0;
  });
  const int status = Await(victim);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

struct Role {
  const char* name;
  Act before;  // what has happened to the queue, by whomever
  Act act;     // in the middle of which the victim dies
};

void Enqueue(WriteQueue& queue, std::size_t slot, std::int64_t now) {
  queue.Enqueue(slot, now);
}

void EnqueueAndHold(WriteQueue& queue, std::size_t slot, std::int64_t now) {
  queue.Enqueue(slot, now);
  EXPECT_TRUE(queue.TryAccept(slot, now));
}

const std::vector<Role> kRoles = {
    {"Enqueue", [](auto&, auto) {},
     [](WriteQueue& queue, std::int64_t now) { Enqueue(queue, kVictim, now); }},
    {"Accept", [](WriteQueue& queue, std::int64_t now) { Enqueue(queue, kVictim, now); },
     [](WriteQueue& queue, std::int64_t now) { static_cast<void>(queue.TryAccept(kVictim, now)); }},
    {"ReleaseToNobody",
     [](WriteQueue& queue, std::int64_t now) { EnqueueAndHold(queue, kVictim, now); },
     [](WriteQueue& queue, std::int64_t now) {
       queue.Release(kVictim, WriteQueue::Next::kDone, now);
     }},
    {"ReleaseToAnother",
     [](WriteQueue& queue, std::int64_t now) {
       EnqueueAndHold(queue, kVictim, now);
       Enqueue(queue, kFirst, now);
     },
     [](WriteQueue& queue, std::int64_t now) {
       queue.Release(kVictim, WriteQueue::Next::kMore, now);
     }},
    {"ReleaseWithAGap",
     [](WriteQueue& queue, std::int64_t now) {
       EnqueueAndHold(queue, kVictim, now - WriteQueue::kForeignGapEveryUs);
       Enqueue(queue, kFirst, now);
     },
     [](WriteQueue& queue, std::int64_t now) {
       queue.Release(kVictim, WriteQueue::Next::kMore, now);
     }},
    {"Revoke",
     [](WriteQueue& queue, std::int64_t now) {
       Enqueue(queue, kFirst, now - 2 * WriteQueue::kLeaseUs);
       Enqueue(queue, kVictim, now - 2 * WriteQueue::kLeaseUs);
     },
     [](WriteQueue& queue, std::int64_t now) { queue.Tick(now); }},
    {"EndOfASuspension",
     [](WriteQueue& queue, std::int64_t now) {
       Enqueue(queue, kVictim, now - 2 * WriteQueue::kLeaseUs);
       queue.Tick(now);
     },
     [](WriteQueue& queue, std::int64_t now) { static_cast<void>(queue.TryAccept(kVictim, now)); }},
    {"Leave", [](WriteQueue& queue, std::int64_t now) { Enqueue(queue, kVictim, now); },
     [](WriteQueue& queue, std::int64_t now) { queue.Leave(kVictim, now); }},
};

class WriteQueueDeath : public testing::TestWithParam<Role> {};

// Killed between any two accesses: the master reaps it, and the others get their turns at once.
TEST_P(WriteQueueDeath, HoldsUpNobody) {
  int fatal = 0;
  for (bool died = true; died; ++fatal) {
    const SharedWriteQueue shared = SharedWriteQueue::Create(3).value();
    WriteQueue master = HandsOn(shared);
    GetParam().before(master, MonotonicUs());
    died = Dies(shared, GetParam().act, fatal);
    const pid_t first = Fork([&] { return TakeOneTurn(shared, kFirst) ? 0 : 1; });
    const pid_t second = Fork([&] { return TakeOneTurn(shared, kSecond) ? 0 : 1; });
    master.Reap(kVictim, MonotonicUs());
    EXPECT_EQ(Await(first), 0) << "victim died before its access " << fatal;
    EXPECT_EQ(Await(second), 0) << "victim died before its access " << fatal;
    master.Attach(kVictim, MonotonicUs());
    EXPECT_TRUE(TakeOneTurn(shared, kVictim)) << "next incarnation of " << fatal;
    EXPECT_EQ(master.waiting(), 0U);
  }
  EXPECT_GT(fatal, 2);
}

INSTANTIATE_TEST_SUITE_P(In, WriteQueueDeath, testing::ValuesIn(kRoles),
                         [](const auto& role) { return role.param.name; });

}  // namespace
}  // namespace sqlicorn
