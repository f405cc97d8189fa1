// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "common/base/clock.h"
#include "common/uv/loop.h"

struct uv_timer_s;

struct uv_prepare_s;

struct uv_idle_s;

struct uv_poll_s;

struct uv_signal_s;

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

// Calls back once per round of the loop, right before it sleeps: the place for what a whole round's
// work shares, such as flushing a log buffer. Does not keep the loop running.
class RoundHook {
 public:
  RoundHook(Loop& loop, std::function<void()> callback);
  ~RoundHook() = default;
  RoundHook(const RoundHook&) = delete;
  RoundHook& operator=(const RoundHook&) = delete;

 private:
  Handle<uv_prepare_s> prepare_;
  std::function<void()> callback_;
};

// While started, the loop does not sleep: it looks for events and then calls back, once a round.
// For work that is cut into pieces so that others are served in between.
class BusyHook {
 public:
  BusyHook(Loop& loop, std::function<void()> callback);
  ~BusyHook() = default;
  BusyHook(const BusyHook&) = delete;
  BusyHook& operator=(const BusyHook&) = delete;

  void Start();
  void Stop();

 private:
  Handle<uv_idle_s> idle_;
  std::function<void()> callback_;
};

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
