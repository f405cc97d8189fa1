// SPDX-License-Identifier: MIT
// The arbiter's hands: what PlanWorkforce decides, done to real processes.
#include <algorithm>
#include <csignal>
#include <random>
#include <utility>

#include "common/base/check.h"
#include "common/base/log.h"
#include "master/arbiter.h"
#include "worker/run_worker.h"

namespace sqlicorn {
namespace {

Duration DrawPause(const ServerSettings& settings) {
  static std::minstd_rand random{std::random_device()()};
  return FromSeconds(std::uniform_real_distribution(0.0, settings.spawn_jitter)(random));
}

}  // namespace

void Arbiter::AdjustWorkforce() {
  if (state_ != State::kRunning) {
    return;
  }
  const WorkforcePlan plan =
      PlanWorkforce(ViewWorkers(), generations_.serving().number, wanted_, slots_.size());
  for (const pid_t pid : plan.retire) {
    Retire(pid);
  }
  if (plan.ready >= wanted_) {
    SettleReload();
  }
  spawn_delayed_ = false;
  // Without a free slot there is nothing to wait for but the end of a worker, which is heard.
  for (std::size_t i = 0; i < plan.spawn && !spawn_delayed_ && table_.FreeSlot(); ++i) {
    spawn_delayed_ = !respawn_.MaySpawn(Clock::now()) || !SpawnWorker();
  }
}

std::vector<WorkerView> Arbiter::ViewWorkers() const {
  std::vector<WorkerView> views;
  for (const WorkerRecord& worker : table_.workers()) {
    views.push_back({.pid = worker.pid,
                     .generation = worker.generation,
                     .ready = worker.ready,
                     .recycling = worker.recycling,
                     .leaving = worker.leaving()});
  }
  return views;
}

bool Arbiter::SpawnWorker() {
  const auto slot = table_.FreeSlot();
  CHECK(slot);
  const Generation& serving = generations_.serving();
  slots_[*slot].Reset();
  if (auto queue = Queue()) {
    queue->Attach(*slot, MonotonicUs());
  }
  std::vector<std::size_t> rows = endpoint_rows_.RowsOf(serving.config);
  scoreboard_.ClearCounters(*slot, endpoint_rows_.names().size());
  const WorkerContext context{.config = serving.config,
                              .listeners = serving.listeners->fds(),
                              .slots = slots_,
                              .slot = *slot,
                              .counters = scoreboard_.counters(*slot),
                              .counter_rows = std::move(rows),
                              .queue = queue_,
                              .checkpointer = CheckpointBell(),
                              .has_served = HasServed(serving.number),
                              .served = Served(),
                              .on_news = [this] { OnNewsInWorker(); }};
  const auto pid = SpawnChild(serving, [&] { return RunWorker(context); });
  if (!pid) {
    slots_[*slot].Free();
    LogError("cannot start a worker: {}", pid.error().message);
    respawn_.OnDeath(Clock::now(), {});
    return false;
  }
  ++counters_.spawned;
  respawn_.OnSpawn(Clock::now(), DrawPause(config().server));
  table_.Add({.pid = *pid,
              .generation = serving.number,
              .slot = *slot,
              .spawned_at = Clock::now(),
              .pulse = BirthOfChild()});
  return true;
}

bool Arbiter::HasServed(std::uint64_t generation) const {
  const auto serves = [generation](const WorkerRecord& worker) {
    return worker.ready && worker.generation == generation;
  };
  return generation <= served_generation_ ||
         std::any_of(table_.workers().begin(), table_.workers().end(), serves);
}

void Arbiter::OnNewsInWorker() {
  doorbell_.Ring();
  if (launch_ != nullptr) {
    std::exchange(launch_, nullptr)->DiscardStreams();
  }
}

void Arbiter::Retire(pid_t pid) {
  for (WorkerRecord& worker : table_.workers()) {
    if (worker.pid == pid) {
      Dismiss(worker, CauseOf(worker));
    }
  }
}

// Why a worker is not wanted any more.
EndCause Arbiter::CauseOf(const WorkerRecord& worker) const {
  const std::uint64_t serving = generations_.serving().number;
  if (worker.generation != serving) {
    return worker.generation < serving ? EndCause::kReload : EndCause::kGivenUp;
  }
  return worker.recycling ? EndCause::kRecycled : EndCause::kSurplus;
}

Pulse Arbiter::BirthOfChild() const {
  const ServerSettings& settings = config().server;
  return {clock_.now(), FromSeconds(settings.boot_timeout), FromSeconds(settings.timeout)};
}

std::optional<WriteQueue> Arbiter::Queue() const {
  if (queue_ == nullptr) {
    return std::nullopt;
  }
  return std::make_optional<WriteQueue>(queue_->state(), queue_->slots(),
                                        [this](std::size_t slot) { queue_->Wake(slot); });
}

}  // namespace sqlicorn
