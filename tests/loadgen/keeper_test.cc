// SPDX-License-Identifier: MIT
#include "loadgen/server/keeper.h"

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

TEST(KeeperState, FollowsItsTable) {
  using enum KeeperState;
  using enum KeeperEvent;

  struct Case {
    KeeperState before;
    KeeperEvent event;
    KeeperState after;
  };

  const std::vector<Case> cases = {
      {kServing, kCommandDone, kServing},   {kServing, kCommandFailed, kStopping},
      {kServing, kToldToStop, kStopping},   {kServing, kToldToKill, kKilling},
      {kStopping, kCommandDone, kStopping}, {kStopping, kCommandFailed, kStopping},
      {kStopping, kToldToStop, kStopping},  {kStopping, kLate, kKilling},
      {kStopping, kToldToKill, kKilling},   {kKilling, kCommandFailed, kKilling},
      {kKilling, kToldToStop, kKilling},    {kKilling, kLate, kKilling},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(StateAfter(each.before, each.event), each.after)
        << static_cast<int>(each.before) << " " << static_cast<int>(each.event);
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
