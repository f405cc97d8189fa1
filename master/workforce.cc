// SPDX-License-Identifier: MIT
#include "master/workforce.h"

namespace sqlicorn {

WorkforcePlan PlanWorkforce(std::span<const WorkerView> workers, std::uint64_t serving,
                            std::size_t wanted) {
  WorkforcePlan plan;
  std::vector<const WorkerView*> staying;
  std::vector<const WorkerView*> replaced;
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
  if (plan.ready >= wanted) {
    for (const WorkerView* worker : replaced) {
      plan.retire.push_back(worker->pid);
    }
  }
  return plan;
}

}  // namespace sqlicorn
