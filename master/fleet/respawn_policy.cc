// SPDX-License-Identifier: MIT
#include "master/fleet/respawn_policy.h"

#include <algorithm>

namespace sqlicorn {

void RespawnPolicy::OnDeath(TimePoint now, const WorkerDeath& death) {
  const bool proven = death.served >= kProven;
  if (proven) {
    killed_unproven_ = 0;
  }
  if (death.lifetime >= kYoung) {
    delay_ = Duration::zero();
    return;
  }
  if (death.killed && (proven || ++killed_unproven_ <= kForgivenKills)) {
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
