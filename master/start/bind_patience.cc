// SPDX-License-Identifier: MIT
#include "master/start/bind_patience.h"

#include "common/base/log.h"

namespace sqlicorn {

bool BindPatience::Wait(std::string_view obstacle) {
  LogError("{}", obstacle);
  if (tries_left_ == 0) {
    return false;
  }
  --tries_left_;
  LogDebug("Retrying in 1 second.");
  const TimePoint deadline = Clock::now() + pause_;
  while (!interrupted_ && Clock::now() < deadline) {
    interrupted_ = signals_.AwaitStop(deadline);
  }
  return !interrupted_;
}

}  // namespace sqlicorn
