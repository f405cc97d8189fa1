// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sqlicorn::loadgen {

// Where one run of one configuration is.
//
//   kStarting -> kAsking -> kLoading -> kTelling -> kStopping -> kAuditing -> kEnded
//
// A failure before the load ends the run by way of kAborting. One under load gives the load up
// (kBreaking), and what was acknowledged until then is audited all the same. An interrupt ends it
// without an audit.
enum class RunState : std::uint8_t {
  kStarting,  // the server, until it answers
  kAsking,    // for its pragmas, its answers, and the rows that are there before
  kLoading,   // users send requests
  kBreaking,  // after a failure: open requests are given up, and audited
  kGivingUp,  // after an interrupt: likewise, and not audited
  kTelling,   // no request is open any more, and the server tells of its turns
  kStopping,  // the server, whose writes are audited then
  kAborting,  // the server, and nothing is audited
  kAuditing,
  kEnded
};

enum class RunEvent : std::uint8_t {
  kDone,        // what the state is for has been done
  kFailed,      // it cannot be done
  kInterrupted  // somebody does not want to wait
};

// The state itself where the event changes nothing.
[[nodiscard]] RunState StateAfter(RunState state, RunEvent event);

}  // namespace sqlicorn::loadgen
