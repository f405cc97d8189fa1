// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "common/base/clock.h"
#include "common/base/unique_fd.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn {

// Calls back on its loop once at a point in time, to some ten microseconds: libuv's own timers know
// milliseconds. Costs two system calls a time.
class PreciseTimer {
 public:
  PreciseTimer(Loop& loop, std::function<void()> callback);

  // At once where `when` has passed. Replaces an earlier start.
  void StartAt(TimePoint when);
  void Stop();

 private:
  UniqueFd fd_;
  std::function<void()> callback_;
  PollWatcher watcher_;
  bool watching_ = false;
};

}  // namespace sqlicorn
