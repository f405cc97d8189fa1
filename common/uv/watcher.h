// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "common/uv/handle.h"
#include "common/uv/loop.h"

struct uv_poll_s;

struct uv_signal_s;

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

// Calls back on the loop when a signal arrived. For workers and the load generator; the master may
// not use it, because libuv's signal pipe is inherited across a fork (DESIGN.md, fork rules).
class SignalWatcher {
 public:
  SignalWatcher(Loop& loop, int signal, std::function<void()> callback);
  ~SignalWatcher() = default;
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

 private:
  Handle<uv_signal_s> signal_;
  std::function<void()> callback_;
};

}  // namespace sqlicorn
