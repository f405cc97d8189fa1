// SPDX-License-Identifier: MIT
// The arbiter's part in the ends of its children: who it was, and what follows from it.
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "common/base/log.h"
#include "master/arbiter.h"
#include "master/fleet/worker_end.h"

namespace sqlicorn {

void Arbiter::ReapAll() {
  int status = 0;
  pid_t pid = 0;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (pid == preparing_pid_) {
      preparing_pid_ = 0;
      OnPrepared(status);
    } else if (pid == checkpointer_.pid) {
      OnCheckpointerEnd(status);
    } else if (pid == successor_pid_) {
      OnSuccessorEnd(status);
    } else if (auto worker = table_.Remove(pid)) {
      worker->Observe(slots_[worker->slot], clock_);
      OnWorkerEnd(*worker, status);
    }
    // Any other child was inherited, as by PID 1 of a container: not our concern.
  }
}

void Arbiter::OnWorkerEnd(const WorkerRecord& worker, int status) {
  someone_served_ = someone_served_ || worker.ready;
  served_generation_ = std::max(served_generation_, worker.ready ? worker.generation : 0);
  counters_.OnWorkerEnd(worker, slots_[worker.slot], EndedBadly(status));
  WorkerCounts counts = CountsOf(worker.slot);
  counts.foreign_now_us = 0;  // it waits no more
  counters_.ended_counts.Add(counts);
  slots_[worker.slot].Free();
  if (auto queue = Queue()) {
    queue->Reap(worker.slot, MonotonicUs());
  }
  LogWorkerEnd(worker, status);
  // A worker that hung has not been told to go: it failed.
  const bool told_to_go = worker.leaving() && worker.end_cause != EndCause::kHeartbeat;
  if (state_ != State::kRunning || told_to_go) {
    return;
  }
  if (!worker.ready && EndedBadly(status) && worker.generation == generations_.serving().number) {
    OnBootFailure(status);
  }
  if (EndedBadly(status)) {
    const TimePoint now = Clock::now();
    respawn_.OnDeath(now, {.lifetime = now - worker.spawned_at,
                           .served = worker.ready ? now - worker.ready_at : Duration::zero(),
                           .killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL});
  }
}

void Arbiter::OnBootFailure(int status) {
  if (generations_.replacing()) {
    AbandonReload("a worker could not start with the new configuration");
    return;
  }
  const bool boot = ExitedWith(status, ExitCode::kWorkerBoot);
  const bool load = ExitedWith(status, ExitCode::kAppLoad);
  // One unlucky worker does not end a server whose other workers could start.
  const bool could_start = someone_served_ || DescribeServer().CountServing() > 0;
  if (could_start || (!boot && !load)) {
    return;
  }
  const char* const reason = boot ? "Worker failed to boot." : "App failed to load.";
  LogError("Shutting down: Master");
  LogError("Reason: {}", reason);
  const std::string why = last_words_.Take();
  ReportOnStderr(why.empty() ? reason : fmt::format("{} ({})", reason, why));
  exit_code_ = boot ? ExitCode::kWorkerBoot : ExitCode::kAppLoad;
  StopQuickly();
}

}  // namespace sqlicorn
