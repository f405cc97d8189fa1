// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "common/uv/handle.h"
#include "common/uv/loop.h"

struct uv_prepare_s;

struct uv_idle_s;

namespace sqlicorn {

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

}  // namespace sqlicorn
