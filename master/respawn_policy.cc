// SPDX-License-Identifier: MIT
#include "master/respawn_policy.h"

#include <algorithm>

namespace sqlicorn {

void RespawnPolicy::OnCrash(TimePoint now, Duration lifetime) {
  if (lifetime >= kYoung) {
    delay_ = Duration::zero();
    return;
  }
  // Workers that die together are one mishap, not a crash loop.
  if (now < next_spawn_) {
    return;
  }
  delay_ = std::clamp(delay_ * 2, kFirstDelay, kLongestDelay);
  next_spawn_ = now + delay_;
}

}  // namespace sqlicorn
