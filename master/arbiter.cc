// SPDX-License-Identifier: MIT
#include "master/arbiter.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "common/base/log.h"
#include "master/fleet/worker_end.h"
#include "worker/run_worker.h"

namespace sqlicorn {
namespace {

constexpr Duration kQuickStop = std::chrono::milliseconds(500);
constexpr Duration kGraceOfMaster = std::chrono::seconds(1);  // beyond the worker's own deadline
// Between ABRT and KILL of the workers at a stop: they name the requests they are at.
constexpr Duration kLastWords = std::chrono::milliseconds(200);

}  // namespace

Arbiter::Arbiter(Parts parts)
    : generations_(std::move(parts.first)),
      load_config_(std::move(parts.load_config)),
      start_(parts.start),
      surroundings_(parts.surroundings),
      signals_(parts.signals),
      scoreboard_(parts.shared.scoreboard),
      slots_(scoreboard_.slots().first(scoreboard_.slots().size() - 1)),
      checkpointer_slot_(scoreboard_.slots().back()),
      doorbell_(parts.shared.doorbell),
      queue_(parts.shared.queue ? &*parts.shared.queue : nullptr),
      checkpoint_bell_(parts.shared.checkpoint_bell ? &*parts.shared.checkpoint_bell : nullptr),
      launch_(parts.launch),
      spawner_(parts.signals),
      table_(slots_.size()),
      control_(std::move(parts.control)),
      notifier_(OpenNotifier(parts.service)),
      report_(parts.service.watchdog),
      wanted_(static_cast<std::size_t>(config().server.workers)),
      parent_master_(parts.parent_master) {}

ExitCode Arbiter::Run() {
  ShowTitle();
  while (state_ != State::kStopped) {
    Turn();
  }
  return exit_code_;
}

void Arbiter::Turn() {
  clock_.BeginTurn(Clock::now());
  doorbell_.Silence();
  ObserveWorkers();
  ReapAll();
  CheckPromotion();
  HandleOneSignal();
  ServeControl();
  CheckHeartbeats();
  AdjustWorkforce();
  KeepCheckpointer();
  CheckStop();
  ReportLaunch();
  NotifyService();
  if (state_ != State::kStopped) {
    SleepUntilNextTurn();
  }
}

void Arbiter::ObserveWorkers() {
  for (WorkerRecord& worker : table_.workers()) {
    worker.Observe(slots_[worker.slot], clock_);
  }
  checkpointer_.pulse.Hear(checkpointer_slot_.beat_us, clock_);
}

void Arbiter::HandleOneSignal() {
  const auto signal = signals_.Take();
  if (!signal || *signal == SIGCHLD) {
    return;
  }
  LogInfo("Handling signal: {}", LowerCaseName(*signal));
  if (state_ == State::kRunning) {
    OnSignal(*signal);
  } else if (*signal == SIGINT || *signal == SIGQUIT) {
    LogInfo("Quick shutdown requested");
    StopQuickly();
  }
}

void Arbiter::OnSignal(int signal) {
  switch (signal) {
    case SIGHUP:
      BeginReload();
      break;
    case SIGTERM:
      BeginStop(SIGTERM, FromSeconds(config().server.graceful_timeout));
      break;
    case SIGINT:
    case SIGQUIT:
      StopQuickly();
      break;
    case SIGTTIN:
      AddWorker();
      break;
    case SIGTTOU:
      RemoveWorker();
      break;
    case SIGUSR1:
      ReopenLogs();
      break;
    case SIGUSR2:
      BeginUpgrade();
      break;
    case SIGWINCH:
      DismissAll();
      break;
    default:
      LogDebug("signal {} has no effect", LowerCaseName(signal));
  }
}

void Arbiter::AddWorker() {
  if (wanted_ + 1 < slots_.size()) {
    ++wanted_;
  } else {
    LogWarning("TTIN ignored: {}", DescribeRoom(slots_.size() - 1));
  }
}

void Arbiter::RemoveWorker() {
  if (wanted_ > 1) {
    --wanted_;
  }
}

// While a second master is tried out: this one keeps the sockets and gets its workers back by HUP.
void Arbiter::DismissAll() {
  if (!config().server.daemon) {
    LogDebug("SIGWINCH ignored. Not daemonized");  // a terminal that is resized sends it
    return;
  }
  LogInfo("graceful stop of workers");
  wanted_ = 0;
}

void Arbiter::ReopenLogs() {
  CreateLogs(generations_.serving());
  if (const Status reopened = SetLogTarget(config().server.errorlog); !reopened) {
    LogError("{}; the old one stays in use", reopened.error().message);
  }
  for (const WorkerRecord& worker : table_.workers()) {
    kill(worker.pid, SIGUSR1);
  }
  if (checkpointer_.pid != 0) {
    kill(checkpointer_.pid, SIGUSR1);
  }
}

void Arbiter::CheckHeartbeats() {
  for (const OverdueWorker& worker : FindOverdueWorkers(clock_.now(), table_)) {
    if (worker.silent) {
      LogCritical("WORKER TIMEOUT (pid:{})", worker.pid);
    }
    kill(worker.pid, worker.abort ? SIGABRT : SIGKILL);
  }
}

void Arbiter::Dismiss(WorkerRecord& worker, EndCause cause) {
  worker.end_cause = cause;
  worker.kill_at = clock_.now() + FromSeconds(config().server.graceful_timeout) + kGraceOfMaster;
  kill(worker.pid, SIGTERM);
}

void Arbiter::BeginStop(int worker_signal, Duration grace) {
  state_ = State::kStopping;
  stop_deadline_ = clock_.now() + grace;
  aborted_ = false;
  overdue_ = worker_signal == SIGTERM ? EndCause::kGraceful : EndCause::kShutdown;
  CloseListeners(*generations_.serving().listeners);
  if (generations_.replacing()) {
    CloseListeners(*generations_.former()->listeners);
  }
  if (preparing_pid_ != 0) {
    kill(preparing_pid_, SIGKILL);
    generations_.Abandon();
    counters_.last_reload_error = "the server is stopping";
  }
  SignalWorkers(worker_signal, EndCause::kShutdown);
  if (worker_signal != SIGTERM) {
    checkpointer_.Dismiss(clock_.now() + kQuickStop);
  }
}

void Arbiter::StopQuickly() {
  BeginStop(SIGQUIT, kQuickStop);
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
    if (!CloseDatabase()) {
      return;
    }
    LogInfo("Shutting down: Master");
    state_ = State::kStopped;
  } else if (clock_.now() >= stop_deadline_) {
    SignalWorkers(std::exchange(aborted_, true) ? SIGKILL : SIGABRT, overdue_);
    stop_deadline_ = clock_.now() + kLastWords;
  }
}

TimePoint Arbiter::NextDeadline() const {
  TimePoint own = std::min(NextOverdue(table_), checkpointer_.next_deadline());
  if (state_ == State::kStopping && !table_.empty()) {
    own = std::min(own, stop_deadline_);
  }
  TimePoint next = std::min(clock_.RealOf(own), Clock::now() + OwnClock::kLongestTurn);
  if (state_ == State::kRunning && spawn_delayed_) {
    next = std::min(next, respawn_.next_spawn());
  }
  return next;
}

}  // namespace sqlicorn
