// SPDX-License-Identifier: MIT
#include "loadgen/compare/run_state.h"

#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using enum RunState;
using enum RunEvent;

struct Case {
  const char* what;
  std::vector<RunEvent> events;  // from the start
  std::vector<RunState> states;  // after each
};

const std::vector<Case> kCases = {
    {"all goes well",
     {kDone, kDone, kDone, kDone, kDone, kDone},
     {kAsking, kLoading, kTelling, kStopping, kAuditing, kEnded}},
    {"it does not start", {kFailed, kDone}, {kAborting, kEnded}},
    {"a question fails", {kDone, kFailed, kDone}, {kAsking, kAborting, kEnded}},
    {"it dies under load",
     {kDone, kDone, kFailed, kDone, kDone, kDone},
     {kAsking, kLoading, kBreaking, kStopping, kAuditing, kEnded}},
    {"and its end is told twice",
     {kDone, kDone, kFailed, kFailed, kDone},
     {kAsking, kLoading, kBreaking, kBreaking, kStopping}},
    {"it dies after the load",
     {kDone, kDone, kDone, kFailed, kDone},
     {kAsking, kLoading, kTelling, kStopping, kAuditing}},
    {"its end is a failure",
     {kDone, kDone, kDone, kDone, kFailed, kDone},
     {kAsking, kLoading, kTelling, kStopping, kStopping, kAuditing}},
    {"the audit fails",
     {kDone, kDone, kDone, kDone, kDone, kFailed},
     {kAsking, kLoading, kTelling, kStopping, kAuditing, kEnded}},
    {"interrupted at the start", {kInterrupted, kDone}, {kAborting, kEnded}},
    {"interrupted under load",
     {kDone, kDone, kInterrupted, kDone, kDone},
     {kAsking, kLoading, kGivingUp, kAborting, kEnded}},
    {"interrupted after a failure under load",
     {kDone, kDone, kFailed, kInterrupted, kDone, kDone},
     {kAsking, kLoading, kBreaking, kGivingUp, kAborting, kEnded}},
    {"interrupted at the end",
     {kDone, kDone, kDone, kDone, kInterrupted, kDone},
     {kAsking, kLoading, kTelling, kStopping, kAborting, kEnded}},
};

TEST(RunState, FollowsTheEvents) {
  for (const Case& c : kCases) {
    RunState state = kStarting;
    for (std::size_t i = 0; i < c.events.size(); ++i) {
      state = StateAfter(state, c.events[i]);
      EXPECT_EQ(state, c.states[i]) << c.what << ", event " << i;
    }
  }
}

// However it goes on, two more things done, or three, lead to the end: nothing hangs.
TEST(RunState, EndsFromEveryStateWhenWhatItIsForIsDone) {
  for (const RunState from : {kStarting, kAsking, kLoading, kBreaking, kGivingUp, kTelling,
                              kStopping, kAborting, kAuditing, kEnded}) {
    for (const RunEvent event : {kDone, kFailed, kInterrupted}) {
      RunState state = StateAfter(from, event);
      for (int i = 0; i < 6; ++i) {
        state = StateAfter(state, kDone);
      }
      EXPECT_EQ(state, kEnded) << static_cast<int>(from);
    }
  }
}

TEST(RunState, NeverGoesBackToTheLoad) {
  for (const RunState from : {kLoading, kBreaking, kGivingUp, kTelling, kStopping, kAborting}) {
    for (const RunEvent event : {kDone, kFailed, kInterrupted}) {
      EXPECT_NE(StateAfter(from, event), kLoading);
      EXPECT_NE(StateAfter(from, event), kAsking);
    }
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
