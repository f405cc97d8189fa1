// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "common/base/clock.h"
#include "common/uv/handle.h"
#include "common/uv/loop.h"

struct uv_timer_s;

namespace sqlicorn {

// Calls back on its loop after a delay, once or repeatedly. Resolution is one millisecond, rounded
// up. Destroying it, also from within its callback, stops it.
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> callback);
  ~Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void Start(Duration delay, Duration repeat = Duration::zero());
  void Stop();
  [[nodiscard]] bool active() const;

 private:
  Handle<uv_timer_s> timer_;
  std::function<void()> callback_;
};

}  // namespace sqlicorn
