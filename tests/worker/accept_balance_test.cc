// SPDX-License-Identifier: MIT
#include "worker/accept_balance.h"

#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

struct Load {
  WorkerState state;
  std::uint32_t connections;
};

bool FirstHoldsTooMuch(const std::vector<Load>& loads) {
  const auto scoreboard = Scoreboard::Create(loads.size());
  const auto slots = scoreboard->slots();
  for (std::size_t i = 0; i < loads.size(); ++i) {
    slots[i].state = loads[i].state;
    slots[i].connections = loads[i].connections;
  }
  return HoldsMoreThanItsShare(slots, 0);
}

TEST(AcceptBalance, ComparesWithTheMeanOfTheReadyWorkers) {
  constexpr WorkerState kReady = WorkerState::kReady;

  const struct {
    std::vector<Load> loads;
    bool too_much;
  } cases[] = {
      {{{kReady, 100}}, false},
      {{{kReady, 0}, {kReady, 0}}, false},
      {{{kReady, 1}, {kReady, 0}}, true},
      {{{kReady, 1}, {kReady, 1}}, false},
      {{{kReady, 1}, {kReady, 2}}, false},
      {{{kReady, 2}, {kReady, 1}, {kReady, 2}}, true},
      {{{kReady, 2}, {kReady, 2}, {kReady, 3}}, false},
      {{{kReady, 9}, {WorkerState::kBooting, 0}}, false},
      {{{kReady, 9}, {WorkerState::kStopping, 0}, {WorkerState::kFree, 0}}, false},
      {{{kReady, 9}, {WorkerState::kStopping, 50}, {kReady, 8}}, true},
      {{{kReady, 4000000000U}, {kReady, 4000000001U}}, false},
      {{{kReady, 4000000001U}, {kReady, 4000000000U}}, true},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(FirstHoldsTooMuch(c.loads), c.too_much) << &c - cases;
  }
}

}  // namespace
}  // namespace sqlicorn
