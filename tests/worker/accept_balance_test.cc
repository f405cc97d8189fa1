// SPDX-License-Identifier: MIT
#include <vector>

#include <gtest/gtest.h>

#include "worker/http/acceptor.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kNow = 1'000'000'000;
constexpr WorkerState kReady = WorkerState::kReady;

struct Load {
  std::uint32_t connections;
  WorkerState state = kReady;
  std::int64_t beat_us = kNow;
};

Duration FirstStandsBack(const std::vector<Load>& loads) {
  const auto scoreboard = Scoreboard::Create(loads.size());
  const auto slots = scoreboard->slots();
  for (std::size_t i = 0; i < loads.size(); ++i) {
    slots[i].state = loads[i].state;
    slots[i].connections = loads[i].connections;
    slots[i].beat_us = loads[i].beat_us;
  }
  return StandBackTime(slots, 0, kNow);
}

TEST(AcceptBalance, WaitsAMillisecondForEachConnectionAboveTheMean) {
  const struct {
    std::vector<Load> loads;
    int wait_ms;
  } cases[] = {
      {{{100}}, 0},
      {{{0}, {0}}, 0},
      {{{1}, {0}}, 1},
      {{{1}, {1}}, 0},
      {{{1}, {2}}, 0},
      {{{2}, {1}, {2}}, 1},
      {{{2}, {2}, {3}}, 0},
      {{{8}, {0}, {0}, {0}}, 5},
      {{{4}, {0}, {0}, {0}}, 3},
      {{{100}, {0}}, 5},
      {{{1000000000U}, {1000000001U}}, 0},
      {{{1000000001U}, {1000000000U}}, 1},
      {{{1}, {4000000000U}}, 1},  // more than a process can have: a wild word
  };

  for (const auto& c : cases) {
    EXPECT_EQ(FirstStandsBack(c.loads), milliseconds(c.wait_ms)) << &c - cases;
  }
}

TEST(AcceptBalance, WaitsForNobodyWhoCannotAccept) {
  EXPECT_EQ(FirstStandsBack({{9}, {0, WorkerState::kBooting}}), Duration::zero());
  EXPECT_EQ(FirstStandsBack({{9}, {0, WorkerState::kStopping}, {0, WorkerState::kFree}}),
            Duration::zero());
  EXPECT_EQ(FirstStandsBack({{9}, {50, WorkerState::kStopping}, {8}}), milliseconds(1));
  EXPECT_EQ(FirstStandsBack({{9}, {0, kReady, kNow - kAbsentAfterUs}}), Duration::zero());
  EXPECT_EQ(FirstStandsBack({{9}, {0, kReady, kNow - kAbsentAfterUs + 1}}), milliseconds(5));
}

}  // namespace
}  // namespace sqlicorn
