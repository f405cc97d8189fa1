// SPDX-License-Identifier: MIT
#include "worker/slice/held_place.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(HeldPlace, IsGivenUpOnlyWhereSomebodyWaitsForItAndItsClientIsSilent) {
  const struct {
    const char* what;
    PlaceFacts facts;
    bool gives_up;
  } cases[] = {
      {"all is held by silent clients", {1, 0, 8, false, kSilentUs}, true},
      {"some run besides", {9, 7, 8, false, kSilentUs + 1}, true},
      {"nobody waits", {0, 0, 8, false, 100 * kSilentUs}, false},
      {"they wait for those that run", {1, 8, 8, false, 100 * kSilentUs}, false},
      {"there is room", {1, 0, 8, true, 100 * kSilentUs}, false},
      {"its client reads", {1, 0, 8, false, kSilentUs - 1}, false},
  };

  for (const auto& row : cases) {
    EXPECT_EQ(GivesUpItsPlace(row.facts), row.gives_up) << row.what;
  }
}

TEST(HeldPlace, IsToldByItsSetting) {
  const Outcome outcome = GaveUpItsPlace();
  EXPECT_EQ(outcome.kind, OutcomeKind::kTimedOut);
  EXPECT_EQ(outcome.status.message(),
            "interrupted: its client had taken nothing for 1 s, and other reads waited for its "
            "place (database.long_reads)");
}

}  // namespace
}  // namespace sqlicorn
