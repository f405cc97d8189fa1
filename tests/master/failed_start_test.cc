// SPDX-License-Identifier: MIT
#include "master/start/failed_start.h"

#include <csignal>

#include <gtest/gtest.h>

#include "tests/master/master_testing.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;

TEST(BindPatience, IsAtItsEndAfterFiveMoreTries) {
  EXPECT_EQ(InChild([] {
              auto signals = SignalQueue::Open().value();
              BindPatience patience(signals, milliseconds(1));
              int tries = 0;
              while (tries < 100 && patience.Wait("in the way")) {
                ++tries;
              }
              return patience.interrupted() ? -1 : tries;
            }),
            5);
}

TEST(BindPatience, PausesBetweenTwoTriesWhateverChildrenDo) {
  EXPECT_EQ(InChild([] {
              auto signals = SignalQueue::Open().value();
              BindPatience patience(signals, milliseconds(20));
              const TimePoint start = Clock::now();
              kill(getpid(), SIGCHLD);
              return patience.Wait("in the way") && Clock::now() - start >= milliseconds(20) ? 0
                                                                                             : 1;
            }),
            0);
}

TEST(BindPatience, EndsAtOnceWithASignalToStop) {
  EXPECT_EQ(InChild([] {
              auto signals = SignalQueue::Open().value();
              BindPatience patience(signals, std::chrono::hours(1));
              kill(getpid(), SIGTERM);
              return !patience.Wait("in the way") && patience.interrupted() ? 0 : 1;
            }),
            0);
}

}  // namespace

}  // namespace sqlicorn
