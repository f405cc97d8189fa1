// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>

#include "common/base/clock.h"
#include "common/base/unique_fd.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn::loadgen {

// Of the time by which a beat came late, what neither computing nor waiting for a core explains;
// zero where that is too little to be called a standstill. `busy_s` = both, since the beat before.
[[nodiscard]] Duration StandstillIn(Duration late, double busy_s);

// Notices that this process stood still: stopped by a signal, frozen with its machine, held by a
// disk. A beat of the loop that comes late tells it. Lives on the caller's loop; does not allocate
// while it watches.
class StandstillWatch {
 public:
  // `on_standstill` is called when the loop goes on, before it looks at its sockets.
  StandstillWatch(Loop& loop, std::function<void()> on_standstill);

  void Begin();
  void End();

  // Since Begin; zero where there was none, or where the kernel does not tell how long this process
  // waited for a core.
  [[nodiscard]] Duration longest() const { return longest_; }

 private:
  struct Look {
    TimePoint at;
    double used_s = 0;                 // of CPU time
    std::optional<double> waited_s{};  // for a core
  };

  [[nodiscard]] Look LookNow() const;
  void Beat();

  std::function<void()> on_standstill_;
  UniqueFd schedstat_;
  Timer timer_;
  Look last_;
  Duration longest_ = Duration::zero();
};

}  // namespace sqlicorn::loadgen
