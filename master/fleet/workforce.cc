// SPDX-License-Identifier: MIT
#include "master/fleet/workforce.h"

#include <algorithm>

namespace sqlicorn {
namespace {

using Views = std::vector<const WorkerView*>;

// Those of `replaced` whose slots the others need and whom the service can spare.
std::vector<pid_t> ChooseEarlyLeavers(const Views& replaced, const WorkforcePlan& plan,
                                      std::size_t wanted, std::size_t room) {
  std::size_t serving = plan.ready + static_cast<std::size_t>(std::count_if(
                                         replaced.begin(), replaced.end(),
                                         [](const WorkerView* view) { return view->ready; }));
  std::vector<pid_t> leavers;
  // Oldest first, but one that does not serve at all goes before any that does.
  for (const WorkerView* worker : replaced) {
    const bool needed = worker->ready && serving <= wanted;
    if (replaced.size() - leavers.size() + wanted <= room || needed) {
      continue;
    }
    leavers.push_back(worker->pid);
    serving -= worker->ready ? 1 : 0;
  }
  return leavers;
}

}  // namespace

// Whoever is leaving counts for nothing: its slot comes free by itself, and whoever spawns waits
// for a free one. A recycling worker is one to be replaced like those of another generation, so
// that a reload in the middle of recycling needs no rule of its own.
WorkforcePlan PlanWorkforce(std::span<const WorkerView> workers, std::uint64_t serving,
                            std::size_t wanted, std::size_t room) {
  WorkforcePlan plan;
  Views staying;
  Views replaced;
  for (const WorkerView& worker : workers) {
    if (worker.leaving) {
      continue;
    }
    if (worker.generation == serving && !worker.recycling) {
      staying.push_back(&worker);
      plan.ready += worker.ready ? 1 : 0;
    } else {
      replaced.push_back(&worker);
    }
  }
  if (staying.size() < wanted) {
    plan.spawn = wanted - staying.size();
  }
  for (std::size_t surplus = 0; staying.size() - surplus > wanted; ++surplus) {
    plan.retire.push_back(staying[surplus]->pid);
  }
  if (plan.ready < wanted) {
    const std::vector<pid_t> early = ChooseEarlyLeavers(replaced, plan, wanted, room);
    plan.retire.insert(plan.retire.end(), early.begin(), early.end());
  } else {
    for (const WorkerView* worker : replaced) {
      plan.retire.push_back(worker->pid);
    }
  }
  return plan;
}

// One that lived long ends a crash loop, and the delay with it. A kill from outside is no fault of
// the worker's, unless it comes again and again before anybody serves.
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
