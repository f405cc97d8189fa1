// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "common/uv/handle.h"
#include "common/uv/loop.h"

struct uv_poll_s;

namespace sqlicorn {

// Calls back whenever a descriptor is readable, level-triggered. Does not own the descriptor, which
// must stay open until the watcher is gone.
class PollWatcher {
 public:
  PollWatcher(Loop& loop, int fd, std::function<void()> on_readable);
  ~PollWatcher() = default;
  PollWatcher(const PollWatcher&) = delete;
  PollWatcher& operator=(const PollWatcher&) = delete;

  void Start();
  void Stop();

 private:
  Handle<uv_poll_s> poll_;
  std::function<void()> on_readable_;
};

}  // namespace sqlicorn
