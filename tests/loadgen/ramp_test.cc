// SPDX-License-Identifier: MIT
#include "loadgen/run/ramp.h"

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

struct Step {
  int at_ms;
  std::uint32_t users;
};

struct Case {
  std::uint32_t users;
  double rate;
  std::vector<Step> steps;
};

TEST(Ramp, FollowsLocustsSteps) {
  const std::vector<Case> cases = {
      {10, 1, {{0, 1}, {999, 1}, {1000, 2}, {8999, 9}, {9000, 10}, {60000, 10}}},
      {10, 5, {{0, 5}, {999, 5}, {1000, 10}}},
      {3, 0.5, {{0, 1}, {1999, 1}, {2000, 2}, {4000, 3}}},
      {5, 2.5, {{0, 2}, {799, 2}, {800, 4}, {1600, 5}}},
      {100, 100, {{0, 100}}},
      {7, 1000, {{0, 7}}},
  };
  for (const Case& c : cases) {
    const Ramp ramp(c.users, c.rate);
    for (const Step& step : c.steps) {
      EXPECT_EQ(ramp.UsersAt(milliseconds(step.at_ms)), step.users)
          << c.users << " users at rate " << c.rate << " after " << step.at_ms << " ms";
    }
  }
}

TEST(Ramp, ReachesEveryStepAtTheTimeItAnnounced) {
  for (const double rate : {0.3, 0.7, 1.1, 2.5, 3.3, 17.9}) {
    const Ramp ramp(100, rate);
    std::uint32_t started = 0;
    while (const auto next = ramp.NextStep(started)) {
      const std::uint32_t users = ramp.UsersAt(*next);
      ASSERT_GT(users, started) << rate;
      started = users;
    }
    EXPECT_EQ(started, 100u);
  }
}

TEST(Ramp, HasNobodyBeforeTheStart) {
  EXPECT_EQ(Ramp(10, 1).UsersAt(milliseconds(-1)), 0u);
}

}  // namespace
}  // namespace sqlicorn::loadgen
