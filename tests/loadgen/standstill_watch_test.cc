// SPDX-License-Identifier: MIT
#include "loadgen/run/standstill_watch.h"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

struct Row {
  const char* name;
  milliseconds late;
  double busy_s;
  milliseconds still;
};

TEST(StandstillIn, IsWhatNeitherComputingNorWaitingExplains) {
  const std::vector<Row> table = {
      {"on time", milliseconds(0), 0, milliseconds(0)},
      {"early", milliseconds(-10), 0, milliseconds(0)},
      {"a tick", milliseconds(30), 0, milliseconds(0)},
      {"nearly one", milliseconds(249), 0, milliseconds(0)},
      {"stopped", milliseconds(1000), 0, milliseconds(1000)},
      {"stopped after some work", milliseconds(1000), 0.04, milliseconds(960)},
      {"it computed", milliseconds(1000), 0.98, milliseconds(0)},
      {"it computed, and was stopped", milliseconds(1500), 1, milliseconds(500)},
      {"more explained than late", milliseconds(1000), 1.05, milliseconds(0)}};
  for (const Row& row : table) {
    EXPECT_EQ(StandstillIn(row.late, row.busy_s), row.still) << row.name;
  }
}

// What the loop does in its first round while it is watched.
Duration LongestWhile(const std::function<void()>& work) {
  Loop loop;
  int told = 0;
  StandstillWatch watch(loop, [&] { ++told; });
  Timer first(loop, work);
  Timer last(loop, [&] {
    watch.End();
    loop.Stop();
  });
  watch.Begin();
  first.Start(milliseconds(10));
  last.Start(milliseconds(600));
  loop.Run();
  EXPECT_EQ(told, watch.longest() > Duration::zero() ? 1 : 0);
  return watch.longest();
}

TEST(StandstillWatch, TellsASleepFromWork) {
  const Duration slept = LongestWhile([] { std::this_thread::sleep_for(milliseconds(400)); });
  EXPECT_GE(slept, milliseconds(300));
  EXPECT_LE(slept, milliseconds(2000));
  const Duration worked = LongestWhile([] {
    const TimePoint until = Clock::now() + milliseconds(400);
    while (Clock::now() < until) {
    }
  });
  EXPECT_EQ(worked, Duration::zero());
}

}  // namespace
}  // namespace sqlicorn::loadgen
