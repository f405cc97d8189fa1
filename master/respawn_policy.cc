// SPDX-License-Identifier: MIT
#include "master/respawn_policy.h"

#include <algorithm>

namespace sqlicorn {

void RespawnPolicy::OnDeath(TimePoint now, const WorkerDeath& death) {
  if (death.served) {
    killed_at_start_ = 0;
  }
  if (death.lifetime >= kYoung) {
    delay_ = Duration::zero();
    return;
  }
  if (death.killed && (death.served || ++killed_at_start_ <= kForgivenKills)) {
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
