// SPDX-License-Identifier: MIT
#include "ctl/reload_wait.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "master/control/control_views.h"
#include "tests/master/server_status_testing.h"

namespace sqlicorn {
namespace {

struct ReloadCase {
  std::uint64_t done;
  std::uint64_t failed;
  const char* last_error;
  ServerStatus::Phase phase;
  ReloadState state;  // of the second reload
};

TEST(StateOfReload, IsReadFromTheCountsOfTheMaster) {
  using Phase = ServerStatus::Phase;
  const std::vector<ReloadCase> cases = {
      {0, 0, "", Phase::kRunning, ReloadState::kUnderWay},
      {0, 0, "", Phase::kReloading, ReloadState::kUnderWay},
      {1, 0, "", Phase::kReloading, ReloadState::kUnderWay},
      {0, 1, "no", Phase::kReloading, ReloadState::kUnderWay},
      {2, 0, "", Phase::kRunning, ReloadState::kDone},
      {1, 1, "", Phase::kRunning, ReloadState::kDone},
      {1, 1, "", Phase::kReloading, ReloadState::kDone},
      {1, 1, "no", Phase::kRunning, ReloadState::kFailed},
      {0, 2, "no", Phase::kReloading, ReloadState::kFailed},
      {2, 1, "", Phase::kRunning, ReloadState::kDone},
      {1, 0, "", Phase::kStopping, ReloadState::kNeverEnds},
      {2, 0, "", Phase::kStopping, ReloadState::kDone},
  };
  for (const ReloadCase& c : cases) {
    ServerStatus status = StatusWith(1);
    status.phase = c.phase;
    status.counters.reloads_done = c.done;
    status.reloads_failed = c.failed;
    status.counters.last_reload_error = c.last_error;
    EXPECT_EQ(StateOfReload(TextOf(StatsAsJson(status)), 2), c.state) << StatsAsJson(status);
  }
}

TEST(StateOfReload, IsUnderWayForAServerThatTellsNothing) {
  EXPECT_EQ(StateOfReload("{}", 1), ReloadState::kUnderWay);
}

}  // namespace
}  // namespace sqlicorn
