// SPDX-License-Identifier: MIT
#include "common/uv/watchers.h"

#include <memory>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

TEST(Timer, FiresOnceAfterItsDelay) {
  Loop loop;
  int fired = 0;
  Timer timer(loop, [&] { ++fired; });
  const TimePoint start = Clock::now();
  loop.UpdateTime();
  timer.Start(5ms);
  loop.Run();
  EXPECT_EQ(fired, 1);
  EXPECT_GE(Clock::now() - start, 4ms);
}

TEST(Timer, RepeatsUntilStopped) {
  Loop loop;
  int fired = 0;
  Timer timer(loop, [&] {
    if (++fired == 3) {
      timer.Stop();
    }
  });
  timer.Start(0ms, 1ms);
  loop.Run();
  EXPECT_EQ(fired, 3);
}

TEST(Timer, MayBeDestroyedByItsOwnCallback) {
  Loop loop;
  std::unique_ptr<Timer> timer;
  bool fired = false;
  timer = std::make_unique<Timer>(loop, [&] {
    timer.reset();
    fired = true;
  });
  timer->Start(0ms, 1ms);
  loop.Run();
  EXPECT_TRUE(fired);
}

}  // namespace

}  // namespace sqlicorn
