// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "common/base/process.h"
#include "common/base/result.h"
#include "master/process/events.h"

namespace sqlicorn {

// The patience of a server that starts while its address is taken, as by the server it replaces:
// five more tries, a second apart. A signal that asks it to stop ends it at once.
class BindPatience {
 public:
  explicit BindPatience(SignalQueue& signals, Duration pause = std::chrono::seconds(1))
      : signals_(signals), pause_(pause) {}

  // Logs what is in the way and waits. False when there is no point in another try.
  [[nodiscard]] bool Wait(std::string_view obstacle);

  // A signal asked the server to stop.
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  SignalQueue& signals_;
  Duration pause_;  // between two tries
  int tries_left_ = 5;
  bool interrupted_ = false;
};

// How a start ends that cannot succeed: says why, and with which code the process ends.
[[nodiscard]] ExitCode FailStart(const Error& error);

// For what the configuration itself has wrong.
[[nodiscard]] ExitCode FailStartForGood(Error error);

// The code alone, when somebody else has said why. A service manager must not start again and again
// what stays wrong, so to it that has a code of its own; everybody else hears gunicorn's.
[[nodiscard]] ExitCode FailedStartCode(bool lasting);

}  // namespace sqlicorn
