// SPDX-License-Identifier: MIT
#include "loadgen/compare/run_state.h"

#include <array>

namespace sqlicorn::loadgen {
namespace {

struct Next {
  RunState done;
  RunState failed;
  RunState interrupted;
};

using enum RunState;

// By state.
constexpr std::array<Next, 10> kNext = {{
    {kAsking, kAborting, kAborting},    // kStarting
    {kLoading, kAborting, kAborting},   // kAsking
    {kTelling, kBreaking, kGivingUp},   // kLoading
    {kStopping, kBreaking, kGivingUp},  // kBreaking
    {kAborting, kGivingUp, kGivingUp},  // kGivingUp
    {kStopping, kStopping, kAborting},  // kTelling
    {kAuditing, kStopping, kAborting},  // kStopping
    {kEnded, kAborting, kAborting},     // kAborting
    {kEnded, kEnded, kEnded},           // kAuditing
    {kEnded, kEnded, kEnded},           // kEnded
}};

}  // namespace

RunState StateAfter(RunState state, RunEvent event) {
  const Next& next = kNext[static_cast<std::size_t>(state)];
  switch (event) {
    case RunEvent::kDone:
      return next.done;
    case RunEvent::kFailed:
      return next.failed;
    case RunEvent::kInterrupted:
      break;
  }
  return next.interrupted;
}

}  // namespace sqlicorn::loadgen
