// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "common/uv/handle.h"
#include "common/uv/loop.h"

struct uv_prepare_s;

namespace sqlicorn {

// Calls back once per turn of the loop, right before it sleeps: the place for what a whole turn's
// work shares, such as flushing a log buffer. Does not keep the loop running.
class TurnHook {
 public:
  TurnHook(Loop& loop, std::function<void()> callback);
  ~TurnHook() = default;
  TurnHook(const TurnHook&) = delete;
  TurnHook& operator=(const TurnHook&) = delete;

 private:
  Handle<uv_prepare_s> prepare_;
  std::function<void()> callback_;
};

}  // namespace sqlicorn
