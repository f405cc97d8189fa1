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

WorkerKiller::WorkerKiller(Loop& loop, pid_t server, std::uint64_t seed)
    : server_(server), random_(seed), moment_(loop, [this] { KillOne(); }) {}

void WorkerKiller::Start() {
  moment_.Start(std::chrono::milliseconds(kLeastMs + random_() % (kMostMs - kLeastMs)));
}

void WorkerKiller::KillOne() {
  const std::vector<pid_t> children = ChildrenOf(server_);
  if (!children.empty() && SignalProcess(children[random_() % children.size()], SIGKILL)) {
    ++killed_;
  }
  Start();
}

}  // namespace sqlicorn::loadgen
