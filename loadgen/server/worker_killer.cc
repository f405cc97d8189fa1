// SPDX-License-Identifier: MIT
#include "loadgen/server/worker_killer.h"

#include <csignal>
#include <vector>

#include "common/uv/child_process.h"
#include "loadgen/server/server_costs.h"

namespace sqlicorn::loadgen {
namespace {

// Long enough for a new worker to begin, short enough for several in a run of seconds.
constexpr std::uint64_t kLeastMs = 100;
constexpr std::uint64_t kMostMs = 600;

}  // namespace

WorkerKiller::WorkerKiller(Loop& loop, pid_t keeper, std::uint64_t seed)
    : keeper_(keeper), random_(seed), moment_(loop, [this] { KillOne(); }) {}

void WorkerKiller::Start() {
  moment_.Start(std::chrono::milliseconds(kLeastMs + random_() % (kMostMs - kLeastMs)));
}

void WorkerKiller::KillOne() {
  std::vector<pid_t> children;
  for (const pid_t command : ChildrenOf(keeper_)) {
    const std::vector<pid_t> workers = ChildrenOf(command);
    children.insert(children.end(), workers.begin(), workers.end());
  }
  if (!children.empty() && SignalProcess(children[random_() % children.size()], SIGKILL)) {
    ++killed_;
  }
  Start();
}

}  // namespace sqlicorn::loadgen
