// SPDX-License-Identifier: MIT
#include "master/fleet/fleet.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <utility>

#include "common/base/log.h"
#include "common/base/result.h"
#include "master/fleet/children.h"
#include "master/fleet/shutdown.h"
#include "master/fleet/worker_table.h"

namespace sqlicorn {
namespace {

// To start all workers at one instant is costly where each reads a large database first.
Duration DrawPause(const ServerSettings& settings) {
  static std::minstd_rand random{std::random_device()()};
  return FromSeconds(std::uniform_real_distribution(0.0, settings.spawn_jitter)(random));
}

}  // namespace

Fleet::Fleet(const Parts& parts)
    : children_(parts.children),
      scoreboard_(parts.scoreboard),
      slots_(
          scoreboard_.slots().first(scoreboard_.slots().size() - 1)),  // one is the checkpointer's
      queue_(parts.queue),
      table_(slots_.size()),
      wanted_(parts.wanted) {}

void Fleet::Observe(const OwnClock& clock) {
  for (WorkerRecord& worker : table_.workers()) {
    worker.Observe(slots_[worker.slot], clock);
  }
}

// The last look at its slot comes first: it may have said after the look of this turn that it
// serves, and a worker that served is neither a boot failure nor one that died unproven.
Fleet::News Fleet::OnEnd(const ChildEnd& end, std::uint64_t serving, const OwnClock& clock) {
  auto worker = table_.Remove(end.pid);
  if (!worker) {
    return News::kNotOurs;
  }
  worker->Observe(slots_[worker->slot], clock);
  const bool badly = EndedBadly(end.status);
  CloseBooks(*worker, badly);
  LogWorkerEnd(*worker, end.status);
  if (!badly || worker->told_to_go()) {
    return News::kNone;
  }
  const TimePoint now = clock.real_now();
  respawn_.OnDeath(now, {.lifetime = now - worker->spawned_at,
                         .served = worker->ready ? now - worker->ready_at : Duration::zero(),
                         .killed = WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGKILL});
  return !worker->ready && worker->generation == serving ? News::kBootFailed : News::kNone;
}

// What the worker has counted is kept, and its slot and its place in the queue are free again: only
// after waitpid is it certain that the process does not touch them any more.
void Fleet::CloseBooks(const WorkerRecord& worker, bool badly) {
  // Before the slot is freed, where the counts still stand.
  newest_served_ = std::max(newest_served_, worker.ready ? worker.generation : 0);
  counters_.OnWorkerEnd(worker, slots_[worker.slot], badly);
  WorkerCounts counts = CountsOf(worker.slot);
  counts.ForgetWhatIsNow();
  counters_.ended_counts.Add(counts);
  slots_[worker.slot].Free();
  if (auto queue = Queue()) {
    queue->Reap(worker.slot, MonotonicUs());
  }
}

// In every turn, also of a server that stops: a worker that hangs then has no use for what is left
// of graceful_timeout.
void Fleet::CheckHeartbeats(const OwnClock& clock) {
  for (const OverdueWorker& worker : FindOverdueWorkers(clock.now(), table_)) {
    if (worker.step == OverdueWorker::Step::kAbortSilent) {
      LogCritical("WORKER TIMEOUT (pid:{})", worker.pid);
    }
    children_.Signal(worker.pid, worker.step == OverdueWorker::Step::kKill ? SIGKILL : SIGABRT);
  }
}

// The policy is asked before each spawn: the pause that spawn_jitter draws begins with the one
// before.
bool Fleet::Adjust(const Serving& serving, const OwnClock& clock) {
  const WorkforcePlan plan = PlanWorkforce(View(), serving.generation, wanted_, slots_.size());
  for (WorkerRecord& worker : table_.workers()) {
    if (std::find(plan.retire.begin(), plan.retire.end(), worker.pid) != plan.retire.end()) {
      Dismiss(worker, worker.WhyNotWanted(serving.generation), serving.config.server, clock.now());
    }
  }
  spawn_delayed_ = false;
  // Without a free slot there is nothing to wait for but the end of a worker, which is heard.
  for (std::size_t i = 0; i < plan.spawn && !spawn_delayed_ && table_.FreeSlot(); ++i) {
    spawn_delayed_ = !respawn_.MaySpawn(clock.real_now()) || !Spawn(serving, clock);
  }
  return plan.ready >= wanted_;
}

std::vector<WorkerView> Fleet::View() const {
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

// The slot is made new before the fork: a worker that is quick must not have its first word wiped
// out. Nobody looks at it before the worker is in the table.
bool Fleet::Spawn(const Serving& serving, const OwnClock& clock) {
  const auto slot = table_.FreeSlot();
  CHECK(slot);
  slots_[*slot].Reset();
  if (auto queue = Queue()) {
    queue->Attach(*slot, MonotonicUs());
  }
  std::vector<std::size_t> rows = endpoint_rows_.RowsOf(serving.config);
  scoreboard_.ClearCounters(*slot, endpoint_rows_.names().size());
  const auto pid = children_.StartWorker({.slot = *slot,
                                          .counter_rows = std::move(rows),
                                          .has_served = HasServed(serving.generation)});
  if (!pid) {
    // As if one had died at birth: whatever there is too little of is not there a turn later
    // either.
    slots_[*slot].Free();
    LogError("cannot start a worker: {}", pid.error().message);
    respawn_.OnDeath(clock.real_now(), {});
    return false;
  }
  ++counters_.spawned;
  const ServerSettings& settings = serving.config.server;
  respawn_.OnSpawn(clock.real_now(), DrawPause(settings));
  table_.Add(
      {.pid = *pid,
       .generation = serving.generation,
       .slot = *slot,
       .spawned_at = clock.real_now(),
       .pulse = {clock.now(), FromSeconds(settings.boot_timeout), FromSeconds(settings.timeout)}});
  return true;
}

bool Fleet::HasServed(std::uint64_t generation) const {
  const auto serves = [generation](const WorkerRecord& worker) {
    return worker.ready && worker.generation == generation;
  };
  return generation <= newest_served_ ||
         std::any_of(table_.workers().begin(), table_.workers().end(), serves);
}

bool Fleet::someone_served() const {
  return newest_served_ != 0 ||
         std::any_of(table_.workers().begin(), table_.workers().end(),
                     [](const WorkerRecord& worker) { return worker.ready; });
}

void Fleet::WantOneMore() {
  if (wanted_ < room()) {
    ++wanted_;
  } else {
    LogWarning("TTIN ignored: {}", DescribeRoom(room()));
  }
}

// The last worker stays, as with gunicorn: TTOU once too often must not take the service away.
void Fleet::WantOneLess() {
  if (wanted_ > 1) {
    --wanted_;
  }
}

void Fleet::Dismiss(pid_t pid, EndCause cause, const ServerSettings& settings,
                    const OwnClock& clock) {
  for (WorkerRecord& worker : table_.workers()) {
    if (worker.pid == pid && !worker.leaving()) {
      Dismiss(worker, cause, settings, clock.now());
    }
  }
}

// The worker keeps its own graceful_timeout; the master steps in only where that has not worked.
void Fleet::Dismiss(WorkerRecord& worker, EndCause cause, const ServerSettings& settings,
                    TimePoint now) {
  worker.end_cause = cause;
  worker.kill_at = now + FromSeconds(settings.graceful_timeout) + Shutdown::kGraceOfMaster;
  children_.Signal(worker.pid, SIGTERM);
}

// Those that were leaving already are told once more, and for the new reason. When they are forced
// is Shutdown's to say.
void Fleet::End(int signal, EndCause cause) {
  for (WorkerRecord& worker : table_.workers()) {
    worker.end_cause = cause;
    children_.Signal(worker.pid, signal);
  }
}

void Fleet::ReopenLogs() {
  for (const WorkerRecord& worker : table_.workers()) {
    children_.Signal(worker.pid, SIGUSR1);
  }
}

// Whoever is leaving accepts nobody any more, or not for long: it is counted as gone.
bool Fleet::ServesOnly(std::uint64_t generation) const {
  return std::all_of(table_.workers().begin(), table_.workers().end(),
                     [generation](const WorkerRecord& worker) {
                       return worker.generation == generation || worker.leaving();
                     });
}

void Fleet::Describe(ServerStatus* status, const OwnClock& clock) const {
  status->wanted = wanted_;
  status->room = room();
  status->counters = counters_;
  for (const WorkerRecord& worker : table_.workers()) {
    status->workers.push_back(StatusOf(worker, slots_[worker.slot], clock));
  }
}

void Fleet::DescribeWrites(ServerStatus* status) const {
  const auto queue = Queue();
  const auto turn = queue ? queue->turn(MonotonicUs()) : std::nullopt;
  for (WorkerStatus& worker : status->workers) {
    worker.counts = CountsOf(worker.slot);
    if (turn && worker.slot == turn->slot) {
      status->turn_of = worker.pid;
      status->turn_age = std::chrono::microseconds(turn->age_us);
    }
  }
  status->endpoints = endpoint_rows_.names();
}

WorkerCounts Fleet::CountsOf(std::size_t slot) const {
  WorkerCounts counts =
      ReadCounters(scoreboard_.counters(slot), endpoint_rows_.names().size(), MonotonicUs());
  if (const auto queue = Queue()) {
    counts.revocations = queue->revoked(slot);
  }
  return counts;
}

TimePoint Fleet::next_overdue() const {
  return NextOverdue(table_);
}

// Only when one is wanted: a policy that delays nobody must not wake the master.
TimePoint Fleet::next_spawn() const {
  return spawn_delayed_ ? respawn_.next_spawn() : TimePoint::max();
}

// Made for each use: it is a pair of pointers, and what it knows stands in shared memory.
std::optional<WriteQueue> Fleet::Queue() const {
  if (queue_ == nullptr) {
    return std::nullopt;
  }
  return std::make_optional<WriteQueue>(queue_->state(), queue_->slots(),
                                        [this](std::size_t slot) { queue_->Wake(slot); });
}

}  // namespace sqlicorn
