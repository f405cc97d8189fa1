// SPDX-License-Identifier: MIT
#include "common/uv/alarm_clock.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kAll = UINT64_MAX;

class NamedSleeper final : public Sleeper {
 public:
  explicit NamedSleeper(
      char name, std::function<void()> on_wake = [] {})
      : name_(name), on_wake_(std::move(on_wake)) {}

  void OnWake() override { on_wake_(); }

  [[nodiscard]] char name() const { return name_; }

 private:
  char name_;
  std::function<void()> on_wake_;
};

TimePoint At(int ms) {
  return TimePoint(std::chrono::milliseconds(ms));
}

// The names of all who are due by then, in order.
std::string TakeAll(AlarmQueue& queue, int ms, std::uint64_t puts = kAll) {
  std::string names;
  while (auto* sleeper = static_cast<NamedSleeper*>(queue.Take(At(ms), puts))) {
    names += sleeper->name();
  }
  return names;
}

TEST(AlarmQueue, GivesWhoIsDueByTimeThenByTurn) {
  NamedSleeper a('a');
  NamedSleeper b('b');
  NamedSleeper c('c');
  NamedSleeper d('d');
  AlarmQueue queue;
  queue.Put(&a, At(3));
  queue.Put(&b, At(1));
  queue.Put(&c, At(3));
  queue.Put(&d, At(2));
  EXPECT_EQ(queue.next_due(), At(1));
  EXPECT_EQ(TakeAll(queue, 0), "");
  EXPECT_EQ(TakeAll(queue, 2), "bd");
  EXPECT_EQ(TakeAll(queue, 3), "ac");
  EXPECT_TRUE(queue.empty());
}

TEST(AlarmQueue, KnowsOneTimeOfEach) {
  NamedSleeper a('a');
  NamedSleeper b('b');
  AlarmQueue queue;
  queue.Put(&a, At(1));
  queue.Put(&b, At(2));
  queue.Put(&a, At(2));  // later, and now behind b
  EXPECT_EQ(TakeAll(queue, 5), "ba");
}

TEST(AlarmQueue, LeavesWhoCameLaterThanToldForAnotherTime) {
  NamedSleeper a('a');
  NamedSleeper b('b');
  AlarmQueue queue;
  queue.Put(&a, At(1));
  const std::uint64_t puts = queue.puts();
  queue.Put(&b, At(1));
  EXPECT_EQ(TakeAll(queue, 1, puts), "a");
  EXPECT_EQ(TakeAll(queue, 1), "b");
}

TEST(AlarmQueue, ForgetsWhoIsRemoved) {
  NamedSleeper a('a');
  NamedSleeper b('b');
  AlarmQueue queue;
  queue.Remove(&a);  // who is not in
  queue.Put(&a, At(1));
  queue.Put(&b, At(2));
  queue.Remove(&a);
  EXPECT_EQ(TakeAll(queue, 5), "b");
}

TEST(AlarmQueue, IsAsASortedListWhateverIsDone) {
  struct Waiting {
    int due;
    int turn;
    Sleeper* sleeper;

    bool operator<(const Waiting& other) const {
      return due != other.due ? due < other.due : turn < other.turn;
    }
  };

  std::mt19937 random(12);  // NOLINT: the same in every run
  std::vector<std::unique_ptr<NamedSleeper>> sleepers;
  for (int i = 0; i < 40; ++i) {
    sleepers.push_back(std::make_unique<NamedSleeper>('a'));
  }
  AlarmQueue queue;
  std::vector<Waiting> model;
  for (int turn = 0; turn < 20'000; ++turn) {
    Sleeper* sleeper = sleepers[random() % sleepers.size()].get();
    std::erase_if(model, [&](const Waiting& waiting) { return waiting.sleeper == sleeper; });
    if (random() % 3 > 0) {
      const int due = static_cast<int>(random() % 20);
      queue.Put(sleeper, At(due));
      model.push_back({due, turn, sleeper});
    } else {
      queue.Remove(sleeper);
    }
    const auto first = std::min_element(model.begin(), model.end());
    ASSERT_EQ(queue.empty(), model.empty());
    if (random() % 4 == 0 && !model.empty()) {
      ASSERT_EQ(queue.Take(At(first->due - 1), kAll), nullptr);
      ASSERT_EQ(queue.Take(At(first->due), kAll), first->sleeper);
      model.erase(first);
    }
  }
}

TEST(AlarmClock, WakesEachOnceInTheOrderOfTheirTimes) {
  Loop loop;
  AlarmClock clock(loop);
  std::string woken;
  NamedSleeper a('a', [&] { woken += 'a'; });
  NamedSleeper b('b', [&] { woken += 'b'; });
  NamedSleeper c('c', [&] { woken += 'c'; });
  const TimePoint start = Clock::now();
  loop.UpdateTime();
  clock.Wake(&a, 6ms);
  clock.Wake(&b, 2ms);
  clock.Wake(&c, 1ms);
  clock.Wake(&c, 7ms);
  loop.Run();  // ends: nobody is left
  EXPECT_EQ(woken, "bac");
  EXPECT_GE(Clock::now() - start, 6ms);
}

TEST(AlarmClock, DoesNotWakeWhomAnotherForgot) {
  Loop loop;
  AlarmClock clock(loop);
  std::string woken;
  NamedSleeper b('b', [&] { woken += 'b'; });
  NamedSleeper a('a', [&] {
    woken += 'a';
    clock.Forget(&b);
  });
  clock.Wake(&a, 1ms);
  clock.Wake(&b, 1ms);
  loop.Run();
  EXPECT_EQ(woken, "a");
}

TEST(AlarmClock, WakesWhoGoesToSleepAgain) {
  Loop loop;
  AlarmClock clock(loop);
  int times = 0;
  NamedSleeper* self = nullptr;
  NamedSleeper a('a', [&] {
    if (++times < 3) {
      clock.Wake(self, 1ms);
    }
  });
  self = &a;
  clock.Wake(&a, 0ms);
  loop.Run();
  EXPECT_EQ(times, 3);
}

}  // namespace
}  // namespace sqlicorn
