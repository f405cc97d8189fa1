// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/clock.h"
#include "common/ipc/scoreboard.h"

namespace sqlicorn {

// A worker's sign of life in its slot of the scoreboard: from its timer, and from whatever work it
// has finished, because a loop that is busy for long runs no timer.
class Heartbeat {
 public:
  // How often the timer beats.
  static constexpr Duration kPeriod = std::chrono::milliseconds(250);

  explicit Heartbeat(WorkerSlot& slot) : slot_(slot) {}

  void Beat();

  // A piece of work is done. Costs next to nothing when it comes often.
  void BeatAfterWork();

 private:
  WorkerSlot& slot_;
};

}  // namespace sqlicorn
