// SPDX-License-Identifier: MIT
#include "master/arbiter.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "common/base/log.h"
#include "master/worker_end.h"
#include "worker/run_worker.h"

namespace sqlicorn {
namespace {

constexpr Duration kQuickStop = std::chrono::seconds(1);
constexpr Duration kHeartbeatCheck = std::chrono::seconds(1);

}  // namespace

Arbiter::Arbiter(const Parts& parts)
    : config_(parts.config),
      listeners_(parts.listeners),
      signals_(parts.signals),
      slots_(parts.scoreboard.slots()),
      spawner_(parts.signals),
      heartbeats_(slots_),
      table_(slots_.size()),
      wanted_(static_cast<std::size_t>(parts.config.server.workers)) {}

ExitCode Arbiter::Run() {
  while (state_ != State::kStopped) {
    Turn();
  }
  return exit_code_;
}

void Arbiter::Turn() {
  ReapAll();
  HandleOneSignal();
  CheckHeartbeats();
  AdjustWorkerCount();
  CheckStop();
  if (state_ != State::kStopped) {
    signals_.WaitUntil(NextDeadline());
  }
}

void Arbiter::ReapAll() {
  int status = 0;
  pid_t pid = 0;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    // A child that is not in the table was inherited, as by PID 1 of a container: not our concern.
    if (const auto worker = table_.Remove(pid)) {
      OnWorkerEnd(*worker, status);
    }
  }
}

void Arbiter::OnWorkerEnd(const WorkerRecord& worker, int status) {
  const bool was_ready = slots_[worker.slot].ready_at_us != 0;
  any_worker_was_ready_ = any_worker_was_ready_ || was_ready;
  slots_[worker.slot].Free();
  LogWorkerEnd(worker, status);
  if (state_ != State::kRunning || worker.end_cause == EndCause::kSurplus) {
    return;
  }
  if (!was_ready && HaltAfterBootFailure(status)) {
    return;
  }
  if (EndedBadly(status)) {
    respawn_.OnCrash(Clock::now(), Clock::now() - worker.spawned_at);
  }
}

bool Arbiter::HaltAfterBootFailure(int status) {
  const bool boot = ExitedWith(status, ExitCode::kWorkerBoot);
  const bool load = ExitedWith(status, ExitCode::kAppLoad);
  // One unlucky worker does not end a server whose other workers could start.
  if ((!boot && !load) || any_worker_was_ready_) {
    return false;
  }
  LogError("Shutting down: Master");
  LogError("Reason: {}", boot ? "Worker failed to boot." : "App failed to load.");
  exit_code_ = boot ? ExitCode::kWorkerBoot : ExitCode::kAppLoad;
  BeginStop(SIGQUIT, kQuickStop);
  return true;
}

void Arbiter::HandleOneSignal() {
  const auto signal = signals_.Take();
  if (!signal || *signal == SIGCHLD) {
    return;
  }
  LogInfo("Handling signal: {}", LowerCaseName(*signal));
  switch (*signal) {
    case SIGTERM:
      if (state_ == State::kRunning) {
        BeginStop(SIGTERM, FromSeconds(config_.server.graceful_timeout));
      }
      break;
    case SIGINT:
    case SIGQUIT:
      BeginStop(SIGQUIT, kQuickStop);
      break;
    default:
      LogDebug("signal {} has no effect", LowerCaseName(*signal));
  }
}

void Arbiter::CheckHeartbeats() {
  for (const HeartbeatVerdict& verdict : heartbeats_.Check(MonotonicUs(), table_)) {
    if (verdict.first) {
      LogCritical("WORKER TIMEOUT (pid:{})", verdict.pid);
    }
    kill(verdict.pid, verdict.first ? SIGABRT : SIGKILL);
  }
}

void Arbiter::AdjustWorkerCount() {
  if (state_ != State::kRunning) {
    return;
  }
  for (const WorkerRecord& worker : table_.workers()) {
    any_worker_was_ready_ = any_worker_was_ready_ || slots_[worker.slot].ready_at_us != 0;
  }
  while (table_.size() < wanted_ && respawn_.MaySpawn(Clock::now())) {
    const auto slot = table_.FreeSlot();
    if (!slot || !SpawnWorker(*slot)) {
      return;
    }
  }
}

bool Arbiter::SpawnWorker(std::size_t slot) {
  const double timeout = config_.server.timeout;
  const auto budget_us = static_cast<std::int64_t>(timeout * 1e6);
  slots_[slot].Reset(timeout > 0 ? MonotonicUs() + budget_us : 0);
  const WorkerContext context{config_, listeners_.fds(), slots_, slot};
  const auto pid = spawner_.Spawn([&] { return RunWorker(context); });
  if (!pid) {
    slots_[slot].Free();
    LogError("cannot start a worker: {}", pid.error().message);
    respawn_.OnCrash(Clock::now(), Duration::zero());
    return false;
  }
  table_.Add(*pid, slot, Clock::now());
  return true;
}

void Arbiter::BeginStop(int worker_signal, Duration grace) {
  state_ = State::kStopping;
  stop_deadline_ = Clock::now() + grace;
  listeners_.Close();
  SignalWorkers(worker_signal, EndCause::kShutdown);
}

void Arbiter::SignalWorkers(int signal, EndCause cause) {
  for (WorkerRecord& worker : table_.workers()) {
    worker.end_cause = cause;
    kill(worker.pid, signal);
  }
}

void Arbiter::CheckStop() {
  if (state_ != State::kStopping) {
    return;
  }
  if (table_.empty()) {
    LogInfo("Shutting down: Master");
    state_ = State::kStopped;
  } else if (Clock::now() >= stop_deadline_) {
    SignalWorkers(SIGKILL, EndCause::kGraceful);
    stop_deadline_ = Clock::now() + kQuickStop;
  }
}

TimePoint Arbiter::NextDeadline() const {
  TimePoint next = Clock::now() + kHeartbeatCheck;
  if (state_ == State::kStopping) {
    next = std::min(next, stop_deadline_);
  }
  if (state_ == State::kRunning && table_.size() < wanted_) {
    next = std::min(next, respawn_.next_spawn());
  }
  if (const std::int64_t beat_us = heartbeats_.NextDeadlineUs(table_); beat_us != 0) {
    // A microsecond later: the check asks whether the deadline has passed.
    next = std::min(next, std::max(TimePoint(std::chrono::microseconds(beat_us + 1)),
                                   Clock::now() + std::chrono::milliseconds(100)));
  }
  return next;
}

}  // namespace sqlicorn
