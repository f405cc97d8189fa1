// SPDX-License-Identifier: MIT
#include "loadgen/run/ramp.h"

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

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

// Follows the ramp from look to look; the users at each.
std::vector<std::uint32_t> Follow(const Ramp& ramp) {
  std::vector<std::uint32_t> users = {ramp.UsersAt(Duration::zero())};
  Duration at{};
  while (const auto next = ramp.NextChange(at)) {
    EXPECT_GT(*next, at);
    at = *next;
    users.push_back(ramp.UsersAt(at));
  }
  EXPECT_EQ(users.back(), ramp.UsersAt(at + std::chrono::hours(1)));
  return users;
}

TEST(Ramp, ReachesEveryStepAtTheTimeItAnnounced) {
  for (const double rate : {0.3, 0.7, 1.1, 2.5, 3.3, 17.9}) {
    const std::vector<std::uint32_t> users = Follow(Ramp(100, rate));
    for (std::size_t i = 1; i < users.size(); ++i) {
      ASSERT_GT(users[i], users[i - 1]) << rate;
    }
    EXPECT_EQ(users.back(), 100u);
  }
}

TEST(Ramp, FollowsStagesUpAndDown) {
  const Ramp ramp({{milliseconds(1000), 10, {}},
                   {milliseconds(500), 10, {}},
                   {milliseconds(1000), 4, {}},
                   {milliseconds(1000), 8, 2.0},
                   {milliseconds(1000), 0, 1000.0}});
  const std::vector<Step> steps = {{-1, 0},    {0, 0},     {99, 0},    {100, 1},   {950, 9},
                                   {1000, 10}, {1499, 10}, {1500, 10}, {1666, 10}, {1667, 9},
                                   {2499, 5},  {2500, 6},  {3499, 6},  {3500, 0},  {9999, 0}};
  for (const Step& step : steps) {
    EXPECT_EQ(ramp.UsersAt(milliseconds(step.at_ms)), step.users) << step.at_ms << " ms";
  }
}

TEST(Ramp, LooksAtEachChangeOfItsStages) {
  using Users = std::vector<std::uint32_t>;
  EXPECT_EQ(Follow(Ramp({{seconds(1), 3, {}}, {seconds(1), 1, {}}})), (Users{0, 1, 2, 3, 2, 1}));
  EXPECT_EQ(Follow(Ramp({{seconds(1), 3, 100.0}, {seconds(1), 3, {}}})), (Users{3, 3}));
  EXPECT_EQ(Follow(Ramp({{seconds(1), 9, 1.0}, {seconds(1), 0, {}}})), (Users{1, 2, 1, 0}));
}

TEST(Ramp, HasNobodyBeforeTheStart) {
  EXPECT_EQ(Ramp(10, 1).UsersAt(milliseconds(-1)), 0u);
}

}  // namespace
}  // namespace sqlicorn::loadgen
